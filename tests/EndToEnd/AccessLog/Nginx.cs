using System.Net.Sockets;
using IngressController.Testing;

namespace IngressController.EndToEnd.AccessLog;

/// <summary>A real nginx with ingress-nginx's default log format; what ingress-nginx's own modules would set is set by hand.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly RunningProgram program;
    private readonly TemporaryDirectory directory;

    private Nginx(RunningProgram program, TemporaryDirectory directory, int port, int http2Port) =>
        (this.program, this.directory, Port, Http2Port) = (program, directory, port, http2Port);

    public int Port { get; }

    /// <summary>Its port for HTTP/2 in cleartext.</summary>
    public int Http2Port { get; }

    /// <param name="hosts">Of each host of a rule the destinations, in the order in which they are tried.</param>
    public static async Task<Nginx> StartAsync(params (string Host, string Service, string[] Destinations)[] hosts)
    {
        var (port, http2) = (RawBackend.Refusing().Port, RawBackend.Refusing().Port);
        var directory = new TemporaryDirectory();
        directory.Write("nginx.conf", Configuration(directory.Path, port, http2, hosts));
        var program = RunningProgram.Start("nginx", ["-p", directory.Path, "-c", directory.File("nginx.conf"), "-e", "stderr"]);
        await Eventually.TrueAsync(async () => program.HasExited || (await IsListeningAsync(port) && await IsListeningAsync(http2)), "nginx listens");
        return program.HasExited ? throw new InvalidOperationException($"nginx has ended: {program.Errors}") : new(program, directory, port, http2);
    }

    /// <summary>The line that ends with this id, waiting for it.</summary>
    public async Task<string> LineAsync(string id)
    {
        string? line = null;
        await Eventually.TrueAsync(
            () => (line = File.ReadLines(directory.File("access.log")).FirstOrDefault(text => text.EndsWith(' ' + id))) is not null, $"nginx's line of {id}");
        return line!;
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>The log format is the default of log-format-upstream in ingress-nginx's internal/ingress/controller/config/config.go.</summary>
    private static string Configuration(string path, int port, int http2, (string Host, string Service, string[] Destinations)[] hosts) => $$"""
        daemon off;
        master_process off;
        pid {{path}}/pid;
        events { worker_connections 64; }
        http {
          client_body_temp_path {{path}}/body;
          proxy_temp_path {{path}}/proxy;
          fastcgi_temp_path {{path}}/fastcgi;
          uwsgi_temp_path {{path}}/uwsgi;
          scgi_temp_path {{path}}/scgi;
          map $http_x_request_id $req_id {
            default $http_x_request_id;
            "" $request_id;
          }
          log_format upstreaminfo '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';
          access_log {{path}}/access.log upstreaminfo;
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header X-Request-ID $req_id;
          proxy_set_header Connection "";
          proxy_buffering off;
          server {
            listen 127.0.0.1:{{port}} default_server;
            listen 127.0.0.1:{{http2}} http2 default_server;
            set $proxy_upstream_name "upstream-default-backend";
            set $proxy_alternative_upstream_name "";
            location / { return 404; }
          }
        {{string.Concat(hosts.Select(host => Server(port, http2, host)))}}
        }

        """;

    private static string Server(int port, int http2, (string Host, string Service, string[] Destinations) host) => $$"""
          upstream {{host.Service}} {
            {{string.Join(' ', host.Destinations.Select((address, index) => $"server {address} max_fails=0{(index == 0 ? "" : " backup")};"))}}
          }
          server {
            listen 127.0.0.1:{{port}};
            listen 127.0.0.1:{{http2}} http2;
            server_name {{host.Host}};
            set $proxy_upstream_name "shop-{{host.Service}}-80";
            set $proxy_alternative_upstream_name "";
            location / { proxy_pass http://{{host.Service}}; }
          }

        """;

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
