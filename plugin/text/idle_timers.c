/* idle_timers.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "idle_timers.h"

#include <stddef.h>

/* Defaults, as their makers' pages give them, shortest first. */
static const struct {
    unsigned          seconds;
    tcpshake_timer_of of;
    const char       *whose;
} timers[] = {
    /* nodejs.org/api/http.html, server.keepAliveTimeout; httpd.apache.org/docs/2.4/mod/core.html, KeepAliveTimeout */
    { 5, TCPSHAKE_TIMER_OF_SERVER, "Node.js, Apache httpd (5 s)" },
    /* tomcat.apache.org/tomcat-10.1-doc/config/http.html: connectionTimeout, 20000 in the server.xml that comes with
     * it; keepAliveTimeout is the same unless it is set */
    { 20, TCPSHAKE_TIMER_OF_SERVER, "Tomcat (20 s)" },
    /* docs.aws.amazon.com/elasticloadbalancing/latest/application, idle_timeout.timeout_seconds;
     * nginx.org/en/docs/http/ ngx_http_upstream_module.html, keepalive_timeout */
    { 60, TCPSHAKE_TIMER_OF_SERVER, "AWS ALB, nginx to its upstream (60 s)" },
    /* nginx.org/en/docs/http/ngx_http_core_module.html, keepalive_timeout */
    { 75, TCPSHAKE_TIMER_OF_SERVER, "nginx (75 s)" },
    /* learn.microsoft.com/iis/configuration/system.applicationhost/sites/sitedefaults/limits, connectionTimeout */
    { 120, TCPSHAKE_TIMER_OF_SERVER, "IIS (120 s)" },
    /* learn.microsoft.com/dotnet/api/microsoft.aspnetcore.server.kestrel.core.kestrelserverlimits.keepalivetimeout */
    { 130, TCPSHAKE_TIMER_OF_SERVER, "Kestrel (130 s)" },
    /* learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset; learn.microsoft.com/azure/nat-gateway */
    { 240, TCPSHAKE_TIMER_OF_DEVICE, "Azure load balancer, NAT (240 s)" },
    /* docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html; docs.aws.amazon.com/vpc/latest/
     * userguide/nat-gateway-troubleshooting.html */
    { 350, TCPSHAKE_TIMER_OF_DEVICE, "AWS NLB, NAT gateway (350 s)" },
    /* cloud.google.com/compute/docs/troubleshooting/general-tips: the firewall; cloud.google.com/load-balancing/docs/
     * https: keep-alive to the backend */
    { 600, TCPSHAKE_TIMER_OF_DEVICE, "Google Cloud firewall, load balancer (600 s)" },
    /* cloud.google.com/nat/docs/tune-nat-configuration: established connections */
    { 1200, TCPSHAKE_TIMER_OF_DEVICE, "Google Cloud NAT (1200 s)" },
    /* Cisco ASA command reference, timeout conn; docs.paloaltonetworks.com, TCP session timeout; envoyproxy.io, HTTP
     * idle_timeout */
    { 3600, TCPSHAKE_TIMER_OF_DEVICE, "Cisco ASA, Palo Alto, Envoy (1 h)" },
    /* docs.kernel.org/networking/nf_conntrack-sysctl.html, nf_conntrack_tcp_timeout_established */
    { 432000, TCPSHAKE_TIMER_OF_DEVICE, "Linux conntrack (5 days)" },
};

/* A timer does not start exactly with the last segment at the capture point, and is checked only now and then. That a
 * connection is gone shows later, when it is used again, and then it had expired, but for the path to the capture
 * point; a use much later tells nothing. */
static bool
fits(int64_t silence, int64_t timer, bool on_time)
{
    const int64_t early = on_time ? TCPSHAKE_SECOND / 2 : TCPSHAKE_SECOND / 5;
    const int64_t late = timer / 50 > TCPSHAKE_SECOND ? timer / 50 : TCPSHAKE_SECOND;

    return silence >= timer - early && silence <= timer + (on_time ? late : timer / 2);
}

const char *
tcpshake_idle_timer(int64_t silence, bool on_time, tcpshake_timer_of of)
{
    const char *whose = NULL;

    for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++)
        if (timers[i].of <= of && fits(silence, timers[i].seconds * TCPSHAKE_SECOND, on_time))
            whose = timers[i].whose; /* the longest of them */
    return whose;
}

/* An end in FIN-WAIT-2 has closed, and waits for the peer's FIN. */
static const char *
fin_wait_timer(int64_t silence)
{
    return fits(silence, TCPSHAKE_LINUX_FIN_WAIT_2, false) ? "Linux in FIN-WAIT-2 (60 s)" : NULL;
}

const char *
tcpshake_reset_timer(const tcpshake_conversation *conversation)
{
    const tcpshake_moment closed = conversation->fin1;
    const int             client = conversation->client;
    const int resetter = tcpshake_rare_of(conversation)->reset_by == TCPSHAKE_CLIENT ? client : TCPSHAKE_OTHER(client);
    const int64_t silence = conversation->extra ? conversation->extra->reset_idle : 0;
    /* The silence was in front of the FIN, or behind it. */
    const bool closed_after = closed.frame && tcpshake_rare_of(conversation)->rst.time - closed.time < silence;
    const bool closed_before = closed.frame && !closed_after;
    const bool on_time = closed_after || (conversation->extra && conversation->extra->reset_by_timer);
    const int  end = closed_after ? conversation->first_closer : resetter;

    if (closed_before && conversation->first_closer == resetter)
        return fin_wait_timer(silence);
    return tcpshake_idle_timer(silence, on_time, end == client ? TCPSHAKE_TIMER_OF_DEVICE : TCPSHAKE_TIMER_OF_SERVER);
}
