# Hook, sidecar and sandbox. Run it read-only and with nothing but its environment:
#   docker run --read-only --cap-drop ALL -p 8080:8080 -e ISSUER=… -e AUDIENCE=… -e HOOK_SECRET=… -e CLIENT_IDS=… behalf
# Without Docker, and with less in it: tools/container. docs/container.md.

# A name can become another image any day: what is published is built on a digest, node:24-slim@sha256:….
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY . .
# `prepare` builds.
RUN npm ci --no-audit --no-fund && npx node tools/container/app.ts /behalf

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /behalf
COPY --from=build --chown=root:root /behalf ./
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
# Asks whatever the container runs, where that was told to listen.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "packages/cli/bin/behalf.js", "health"]
ENTRYPOINT ["node", "packages/cli/bin/behalf.js"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
