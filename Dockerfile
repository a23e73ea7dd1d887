# The image of the controller, for linux/amd64: docker build --tag ingress-controller:0.1.0 .
# The lines that begin with "RUN dotnet" are run as they stand by tests/EndToEnd/Chart/DockerfileTests.cs, on what the COPY lines take.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src ./src
# Exactly the packages of the lock files, or a failure.
RUN dotnet restore src/App --locked-mode --runtime linux-x64 -p:PublishReadyToRun=true
RUN dotnet publish src/App --no-restore --runtime linux-x64 --configuration Release --self-contained false --output app -p:PublishReadyToRun=true -p:UseAppHost=false -p:ContinuousIntegrationBuild=true

# No shell, no package manager, and a user of its own.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
COPY --from=build /source/app /app
# No diagnostic sockets: the root filesystem is read-only. No port besides those of the flags.
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS=
USER $APP_UID
EXPOSE 8080 9090
ENTRYPOINT ["dotnet", "/app/ingress-controller.dll"]
CMD ["run"]
