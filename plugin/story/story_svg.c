#include "story_svg.h"
void tcpshake_story_write_svg(const tcpshake_story *story, GString *to) { (void)story; (void)to; }
