import { UserManager } from 'oidc-client-ts'
import { showPanel } from './panel.js'

const { issuer, clientId, scopes } = window.settings
const manager = new UserManager({
  authority: issuer,
  client_id: clientId,
  redirect_uri: `${location.origin}/callback`,
  popup_redirect_uri: `${location.origin}/popup`,
  silent_redirect_uri: `${location.origin}/silent`,
  post_logout_redirect_uri: `${location.origin}/signed-out`,
  scope: scopes.join(' '),
  loadUserInfo: true,
})

const nameOf = ({ profile }) => profile.name

switch (location.pathname) {
  case '/callback':
    await manager.signinRedirectCallback()
    location.replace('/')
    break
  case '/popup':
    await manager.signinPopupCallback()
    break
  case '/silent':
    await manager.signinSilentCallback()
    break
  default:
    showPanel({
      signIn: () => manager.signinRedirect(),
      signInWithPopup: async () => nameOf(await manager.signinPopup()),
      user: async () => nameOf(await manager.getUser()),
      renew: async () => nameOf(await manager.signinSilent()),
      revoke: () => manager.revokeTokens(),
      signOut: () => manager.signoutRedirect(),
    })
}
