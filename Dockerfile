# The inline hook as a server. Run it read-only and with nothing but its environment:
#   docker run --read-only --cap-drop ALL -p 8080:8080 -e ISSUER=… -e AUDIENCE=… -e HOOK_SECRET=… -e CLIENT_IDS=… behalf
# The sidecar is in it, too: docs/sidecar.md.
FROM node:24-slim AS build
WORKDIR /build
COPY . .
# `prepare` builds; what only development needs is taken out afterwards, but for the engine of Cedar policies, which is
# for whoever uses them to install, and here nobody could.
RUN npm ci --no-audit --no-fund \
  && cp -r node_modules/@cedar-policy /cedar-policy \
  && npm prune --omit=dev --ignore-scripts \
  && mkdir -p node_modules/@cedar-policy && cp -r /cedar-policy/. node_modules/@cedar-policy

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /behalf
COPY --from=build --chown=root:root /build/package.json ./
COPY --from=build --chown=root:root /build/node_modules ./node_modules
COPY --from=build --chown=root:root /build/packages ./packages
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
# Asks whatever the container runs, where that was told to listen.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "packages/cli/bin/behalf.js", "health"]
ENTRYPOINT ["node", "packages/cli/bin/behalf.js"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
