/* story_sentences.c
 * The story of a conversation: which sentences make up those of story.def.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include "expand.h"
#include "facts.h"
#include "phrases.h"

#include <glib.h>

typedef struct telling {
    const tcpshake_story_facts *facts;
    char                       *text;
    size_t                      size;
} telling;

/* Appends a sentence. */
static void
say(const telling *t, tcpshake_sentence sentence, const tcpshake_arguments *arguments)
{
    tcpshake_say(sentence, arguments, t->text, t->size);
}

static void
say_plain(const telling *t, tcpshake_sentence sentence)
{
    static const tcpshake_arguments none;

    say(t, sentence, &none);
}

/* Both ends together. */
static int64_t
sum(const uint64_t of[TCPSHAKE_ENDS])
{
    return (int64_t)(of[0] + of[1]);
}

/* What most sentences need. */
static tcpshake_arguments
arguments_of(const tcpshake_story_facts *facts)
{
    return (tcpshake_arguments){
        .name = facts->name,
        .clock = facts->clock,
        .number = (int64_t)facts->number,
        .some = (int64_t)facts->number,
        .segments = sum(facts->segments),
        .bytes = sum(facts->bytes),
        .duration = facts->duration,
        .longest = facts->longest ? facts->longest : TCPSHAKE_NO_TIME,
    };
}

/* ---- the head ---- */

static void
say_end(const telling *t)
{
    const tcpshake_conversation *const c = t->facts->conversation;
    const tcpshake_role                role = tcpshake_role_of(c, t->facts->end);

    say(t, TCPSHAKE_SAY_story_end, &(tcpshake_arguments){ .name = t->facts->name });
    if (c->flags & TCPSHAKE_CONVERSATION_ROLES_GUESSED)
        say_plain(t, TCPSHAKE_SAY_story_guessed);
    else if (c->opened_by == role || c->opened_by == TCPSHAKE_BOTH)
        say_plain(t, TCPSHAKE_SAY_story_opener);
    if (!(c->end[t->facts->end].flags & TCPSHAKE_END_SEEN))
        say_plain(t, TCPSHAKE_SAY_story_unseen);
}

static void
say_began(const telling *t)
{
    const tcpshake_arguments arguments = arguments_of(t->facts);

    say(t, t->facts->duration > 0 ? TCPSHAKE_SAY_story_began_and_lasted : TCPSHAKE_SAY_story_began, &arguments);
}

/* duration: how far the clock there is ahead. */
static void
say_twin(const telling *t)
{
    const int64_t      ahead = t->facts->duration;
    tcpshake_arguments arguments = arguments_of(t->facts);

    arguments.duration = ahead < 0 ? -ahead : ahead;
    say(t, TCPSHAKE_SAY_story_twin, &arguments);
    if (ahead)
        say(t, ahead > 0 ? TCPSHAKE_SAY_story_twin_ahead : TCPSHAKE_SAY_story_twin_behind, &arguments);
}

/* ---- in between ---- */

static void
say_role(const telling *t)
{
    say(t, TCPSHAKE_SAY_story_role,
        &(tcpshake_arguments){ .role = tcpshake_role_of(t->facts->conversation, t->facts->end) });
}

static void
say_severity(const telling *t)
{
    static const uint8_t names[] = {
        [TCPSHAKE_CHAT] = TCPSHAKE_PHRASE_CHAT,
        [TCPSHAKE_NOTE] = TCPSHAKE_PHRASE_NOTE,
        [TCPSHAKE_WARN] = TCPSHAKE_PHRASE_WARNING,
    };
    const tcpshake_phrase name = (tcpshake_phrase)names[t->facts->number];

    say(t, TCPSHAKE_SAY_story_severity, &(tcpshake_arguments){ .name = tcpshake_phrase_text(name) });
}

/* How many segments and bytes one end has sent. */
static void
say_sent(const telling *t, tcpshake_sentence sentence, int end)
{
    const tcpshake_arguments arguments = {
        .role = tcpshake_role_of(t->facts->conversation, end),
        .segments = (int64_t)t->facts->segments[end],
        .bytes = (int64_t)t->facts->bytes[end],
    };

    say(t, sentence, &arguments);
}

static void
say_stretch_end(const telling *t)
{
    say_sent(t, TCPSHAKE_SAY_story_stretch_end, t->facts->end);
}

static void
say_stretch(const telling *t)
{
    const tcpshake_arguments arguments = arguments_of(t->facts);
    const int                client = t->facts->conversation->client;

    say_plain(t, TCPSHAKE_SAY_story_stretch);
    say_sent(t, TCPSHAKE_SAY_story_stretch_of_end, client);
    say_plain(t, TCPSHAKE_SAY_story_next);
    say_sent(t, TCPSHAKE_SAY_story_stretch_of_end, TCPSHAKE_OTHER(client));
    say(t, TCPSHAKE_SAY_story_stretch_time, &arguments);
}

/* ---- the end ---- */

/* A step of the handshake or of the close, and the one before it. */
typedef struct step {
    tcpshake_sentence name;
    tcpshake_moment   at, before;
} step;

static void
say_steps(const telling *t, const step *steps, unsigned count)
{
    bool is_first = true;

    for (unsigned i = 0; i < count; i++) {
        const tcpshake_moment at = steps[i].at, before = steps[i].before;
        const bool            follows = i == 0 || !steps[i - 1].at.frame || steps[i - 1].at.frame <= at.frame;
        if (!at.frame)
            continue;
        const tcpshake_arguments arguments = {
            .name = tcpshake_sentence_template(steps[i].name, tcpshake_current_language()),
            .frame = at.frame,
            .duration =
                before.frame != at.frame ? tcpshake_between(t->facts->conversation, before, at) : TCPSHAKE_NO_TIME,
        };
        say_plain(t, is_first ? TCPSHAKE_SAY_story_first : TCPSHAKE_SAY_story_next);
        say(t, follows ? TCPSHAKE_SAY_story_moment : TCPSHAKE_SAY_story_crossing, &arguments);
        is_first = false;
    }
}

static void
say_handshake(const telling *t)
{
    const tcpshake_conversation *const c = t->facts->conversation;
    const step                         steps[] = {
                                { TCPSHAKE_SAY_story_syn, c->syn, { 0 } },
                                { TCPSHAKE_SAY_story_syn_ack, c->synack, c->syn },
                                { TCPSHAKE_SAY_story_ack, c->ack, c->synack },
    };

    say_steps(t, steps, G_N_ELEMENTS(steps));
}

static void
say_fins(const telling *t)
{
    const tcpshake_conversation *const c = t->facts->conversation;
    const bool                         together = c->fin1_ack.frame && c->fin1_ack.frame == c->fin2.frame;
    const tcpshake_sentence            ack = together ? TCPSHAKE_SAY_story_its_ack_and_fin : TCPSHAKE_SAY_story_its_ack;
    const tcpshake_moment              none = { 0 };
    const tcpshake_moment              other_fin = together ? none : c->fin2;
    const tcpshake_moment              before_it = c->fin1_ack.frame < c->fin2.frame ? c->fin1_ack : c->fin1;
    const step                         steps[] = {
                                { TCPSHAKE_SAY_story_fin, c->fin1, none },
                                { ack, c->fin1_ack, c->fin1 },
                                { TCPSHAKE_SAY_story_other_fin, other_fin, before_it },
                                { TCPSHAKE_SAY_story_its_ack, c->fin2_ack, c->fin2 },
    };

    say_steps(t, steps, G_N_ELEMENTS(steps));
}

/* The likely cause of the RST and the evidence for it, where there is any. */
static void
say_cause(const telling *t)
{
    const tcpshake_summary *const summary = t->facts->summary;
    char                          evidence[480];
    tcpshake_arguments            arguments = { .name = t->facts->name };

    if (summary->reset_cause == TCPSHAKE_CAUSE_UNKNOWN || !t->facts->name)
        return;
    arguments.evidence = tcpshake_text_reset_evidence(t->facts->conversation, summary, evidence, sizeof evidence);
    if (summary->reset_in_between)
        say(t, TCPSHAKE_SAY_story_cause_between, &arguments);
    else
        say(t,
            summary->reset_cause == TCPSHAKE_CAUSE_FOREIGN ? TCPSHAKE_SAY_story_cause_foreign
                                                           : TCPSHAKE_SAY_story_cause,
            &arguments);
}

/* Whoever sent the RST; neither end if a device did. */
static void
say_reset(const telling *t, tcpshake_sentence sentence)
{
    const tcpshake_summary *const summary = t->facts->summary;
    const bool                    foreign = summary->reset_in_between || summary->reset_cause == TCPSHAKE_CAUSE_FOREIGN;
    const tcpshake_arguments      arguments = {
             .who = foreign ? TCPSHAKE_NOBODY : (tcpshake_role)summary->reset_by,
             .frame = tcpshake_ending_reset(t->facts->conversation).frame,
    };

    say(t, sentence, &arguments);
    say_cause(t);
}

static void
say_not_opened(const telling *t)
{
    const tcpshake_conversation *const c = t->facts->conversation;
    tcpshake_arguments arguments = { .who = tcpshake_rare_of(c)->reset_by, .frame = tcpshake_rare_of(c)->rst.frame };
    tcpshake_sentence  sentence;

    switch (t->facts->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_UNANSWERED:
        if (c->handshake == TCPSHAKE_HANDSHAKE_ABORTED) {
            sentence = TCPSHAKE_SAY_story_given_up;
            break;
        }
        sentence =
            tcpshake_was_answered_wrongly(c) ? TCPSHAKE_SAY_story_unanswered_validly : TCPSHAKE_SAY_story_unanswered;
        arguments.frame = tcpshake_attempt_of(c).syn.frame;
        break;
    case TCPSHAKE_HANDSHAKE_REFUSED: sentence = TCPSHAKE_SAY_story_refused; break;
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP:
        sentence = TCPSHAKE_SAY_story_rejected_by_icmp;
        arguments.frame = tcpshake_rare_of(c)->icmp_frame;
        break;
    case TCPSHAKE_HANDSHAKE_ABORTED: sentence = TCPSHAKE_SAY_story_aborted; break;
    default: sentence = TCPSHAKE_SAY_story_not_opened;
    }
    if (t->facts->summary->reset_in_between)
        say_reset(t, sentence);
    else
        say(t, sentence, &arguments);
}

static void
say_opened(const telling *t)
{
    const tcpshake_arguments arguments = { .who = t->facts->summary->opened_by };

    switch (t->facts->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
        say(t, TCPSHAKE_SAY_story_opened, &arguments);
        say_handshake(t);
        break;
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS:
        say_plain(t, TCPSHAKE_SAY_story_opened_simultaneously);
        say_handshake(t);
        break;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED:
        say_plain(t, tcpshake_was_open_before(t->facts->conversation) ? TCPSHAKE_SAY_story_opened_before
                                                                      : TCPSHAKE_SAY_story_opening_unknown);
        break;
    default: say_not_opened(t);
    }
}

static void
say_closed(const telling *t)
{
    const tcpshake_summary *const summary = t->facts->summary;
    const tcpshake_arguments      closer = { .who = summary->closed_by };

    switch (summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS:
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS:
        say(t, closer.who ? TCPSHAKE_SAY_story_closed : TCPSHAKE_SAY_story_closed_by_unknown, &closer);
        say_fins(t);
        break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS:
        say_plain(t, TCPSHAKE_SAY_story_closed_simultaneously);
        say_fins(t);
        break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
    case TCPSHAKE_TEARDOWN_IN_PROGRESS:
        say_plain(t, TCPSHAKE_SAY_story_closing_unfinished);
        say_fins(t);
        break;
    case TCPSHAKE_TEARDOWN_RESET: say_reset(t, TCPSHAKE_SAY_story_reset); break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        say_plain(t, TCPSHAKE_SAY_story_closing_started);
        say_fins(t);
        say_reset(t, TCPSHAKE_SAY_story_then_reset);
        break;
    default:
        if (tcpshake_was_open(t->facts->conversation, summary))
            say_plain(t, t->facts->goes_on ? TCPSHAKE_SAY_story_open_so_far : TCPSHAKE_SAY_story_not_closed);
    }
}

static void
say_time_wait(const telling *t)
{
    const tcpshake_summary *const      summary = t->facts->summary;
    const tcpshake_conversation *const c = t->facts->conversation;
    const tcpshake_arguments           arguments = {
                  .who = summary->time_wait_owner,
                  .frame = c->time_wait.frame,
                  .clock = t->facts->clock,
                  .duration = tcpshake_time_between(c->time_wait.time, summary->time_wait_until),
    };

    if (summary->time_wait_owner)
        say(t, TCPSHAKE_SAY_story_time_wait, &arguments);
    else if (tcpshake_rare_of(c)->rst.frame)
        say_plain(t, TCPSHAKE_SAY_story_no_time_wait);
}

/* ---- by name ---- */

/* Those that need more than the sentence of their name. */
static void (*const others[TCPSHAKE_STORY_SENTENCES])(const telling *) = {
    [TCPSHAKE_STORY_end] = say_end,
    [TCPSHAKE_STORY_began] = say_began,
    [TCPSHAKE_STORY_twin] = say_twin,
    [TCPSHAKE_STORY_role] = say_role,
    [TCPSHAKE_STORY_severity] = say_severity,
    [TCPSHAKE_STORY_stretch] = say_stretch,
    [TCPSHAKE_STORY_stretch_end] = say_stretch_end,
    [TCPSHAKE_STORY_opened] = say_opened,
    [TCPSHAKE_STORY_closed] = say_closed,
    [TCPSHAKE_STORY_time_wait] = say_time_wait,
};

static const tcpshake_sentence own_sentences[TCPSHAKE_STORY_SENTENCES] = {
#define STORY(name) [TCPSHAKE_STORY_##name] = TCPSHAKE_SAY_story_##name,
#include "story.def"
#undef STORY
};

const char *
tcpshake_text_story(tcpshake_story_sentence sentence, const tcpshake_story_facts *facts, char *text, size_t size)
{
    const telling            t = { facts, text, size };
    const tcpshake_arguments arguments = arguments_of(facts);

    text[0] = '\0';
    if (others[sentence])
        others[sentence](&t);
    else
        say(&t, own_sentences[sentence], &arguments);
    return text;
}
