using System.Text.Json;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Benchmarks.Comparison;

/// <summary>
/// Each as its own documentation would set it up: connections to the backend are kept, the client's address is passed on, there is no access log, and 10,000 hosts are
/// written in the form that is fastest there.
/// </summary>
internal static class Contenders
{
    public static Contender[] All(string controller, string otlp) =>
    [
        new("nginx", StartNginx),
        new("HAProxy", StartHAProxy),
        new("Caddy", StartCaddy),
        new("stock YARP", StartYarp),
        Controllers.Quiet(controller, "this controller"),
        Controllers.Seeing(controller, otlp, "this controller (seeing)"),
    ];

    /// <summary>What all of them forward to.</summary>
    public static RunningProgram StartBackend(TemporaryDirectory directory, int port)
    {
        directory.Write("backend/10k", new string('x', 10240));
        directory.Write("backend.conf", NginxConfiguration($$"""
            server {
                listen 127.0.0.1:{{port}};
                location / { return 200 "ok\n"; }
                location = /10k { root {{directory.File("backend")}}; }
            }
            """, directory.File("backend.pid")));
        return RunningProgram.Start("nginx", ["-c", directory.File("backend.conf"), "-p", directory.Path, "-e", "stderr"]);
    }

    private static RunningProgram StartNginx(Site site, Ports ports)
    {
        var pair = site.Write("nginx/tls.pem", site.Certificate.Pem + site.Certificate.KeyPem);
        var servers = site.EachHost(host => Site.Text($$"""
            server {
                listen 127.0.0.1:{{ports.Http}};
                listen 127.0.0.1:{{ports.Https}} ssl http2;
                server_name {{host}};
                location / { proxy_pass http://web; }
            }
            """));
        var file = site.Write("nginx/nginx.conf", NginxConfiguration($$"""
            upstream web { server 127.0.0.1:{{site.Backend}}; keepalive 64; keepalive_requests 1000000; }
            server_names_hash_max_size 65536;
            server_names_hash_bucket_size 128;
            ssl_certificate {{pair}};
            ssl_certificate_key {{pair}};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Request-ID $request_id;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Port $server_port;
            proxy_set_header X-Forwarded-Proto $scheme;
            {{servers}}
            """, site.Path("nginx") + "/nginx.pid"));
        return RunningProgram.Start("nginx", ["-c", file, "-p", site.Path("nginx"), "-e", "stderr"]);
    }

    private static string NginxConfiguration(string http, string pid) => $$"""
        daemon off;
        user {{Environment.UserName}};
        pid {{pid}};
        worker_processes auto;
        events { worker_connections 1024; }
        http {
            access_log off;
            error_log stderr crit;
            keepalive_requests 10000000;
            {{http}}
        }
        """;

    private static RunningProgram StartHAProxy(Site site, Ports ports)
    {
        var pair = site.Write("haproxy/tls.pem", site.Certificate.Pem + site.Certificate.KeyPem);
        var map = site.Write("haproxy/hosts.map", site.EachHost(host => $"{host} web"));
        var file = site.Write("haproxy/haproxy.cfg", Site.Text($$"""
            global
                maxconn 4096
            defaults
                mode http
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                http-reuse always
                option forwardfor
            frontend all
                bind 127.0.0.1:{{ports.Http}}
                bind 127.0.0.1:{{ports.Https}} ssl crt {{pair}} alpn h2,http/1.1
                unique-id-format %{+X}o\ %ci%cp%fi%fp%Ts%rt%pid
                unique-id-header X-Request-ID
                http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
                use_backend %[req.hdr(host),lower,map({{map}})]
            backend web
                server web 127.0.0.1:{{site.Backend}}

            """));
        return RunningProgram.Start("haproxy", ["-f", file]);
    }

    private static RunningProgram StartCaddy(Site site, Ports ports)
    {
        var (certificate, key) = (site.Write("caddy/tls.crt", site.Certificate.Pem), site.Write("caddy/tls.key", site.Certificate.KeyPem));
        object[] routes =
        [
            new
            {
                match = new[] { new { host = site.Hosts } },
                handle = new[] { new { handler = "reverse_proxy", upstreams = new[] { new { dial = $"127.0.0.1:{site.Backend}" } } } },
            },
        ];
        var off = new { disable = true };
        var configuration = JsonSerializer.Serialize(new
        {
            admin = new { disabled = true },
            apps = new
            {
                http = new
                {
                    servers = new Dictionary<string, object>
                    {
                        ["http"] = new { listen = new[] { $"127.0.0.1:{ports.Http}" }, routes, automatic_https = off },
                        ["https"] = new { listen = new[] { $"127.0.0.1:{ports.Https}" }, routes, automatic_https = off, tls_connection_policies = new[] { new { default_sni = "localhost" } } },
                    },
                },
                tls = new { certificates = new { load_files = new[] { new { certificate, key } } } },
            },
        });
        var environment = new Dictionary<string, string> { ["HOME"] = site.Path("caddy"), ["XDG_DATA_HOME"] = site.Path("caddy"), ["XDG_CONFIG_HOME"] = site.Path("caddy") };
        return RunningProgram.Start("caddy", ["run", "--config", site.Write("caddy/caddy.json", configuration)], environment);
    }

    private static RunningProgram StartYarp(Site site, Ports ports) => RunningProgram.Start(
        "dotnet",
        [
            Repository.Program("tests/StockYarp", "stock-yarp.dll"), site.Write("yarp/hosts", site.EachHost(host => host)), $"http://127.0.0.1:{site.Backend}",
            $"{ports.Http}", $"{ports.Https}", site.Write("yarp/tls.pem", site.Certificate.Pem + site.Certificate.KeyPem),
        ]);
}
