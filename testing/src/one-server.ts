/** The servers of the smallest layout, as options of a sandbox: one, `default`, for users and delegated tokens alike. */
interface OneServer {
  readonly authorizationServers: readonly [
    { readonly id: string; readonly audience: string; readonly scopes: readonly string[] },
  ]
}

/** Makes a sandbox have one server, `default`, whose audience is that of both APIs. */
export const oneServer: OneServer = {
  authorizationServers: [
    { id: 'default', audience: 'api://default', scopes: ['orders:read', 'orders:write'] },
  ],
}
