import { OktaAuth } from '@okta/okta-auth-js'
import { showPanel } from './panel.js'

const { issuer, clientId, scopes } = window.settings
const auth = new OktaAuth({
  issuer,
  clientId,
  scopes,
  redirectUri: `${location.origin}/callback`,
  postLogoutRedirectUri: `${location.origin}/signed-out`,
})

const keep = ({ tokens }) => {
  auth.tokenManager.setTokens(tokens)
  return Object.keys(tokens).toSorted()
}

if (auth.isLoginRedirect()) {
  await auth.handleRedirect('/')
} else {
  showPanel({
    signIn: () => auth.signInWithRedirect({ originalUri: '/' }),
    signInWithPopup: async () => keep(await auth.token.getWithPopup({ popupTitle: 'Sign in' })),
    signInSilently: async () => keep(await auth.token.getWithoutPrompt()),
    tokens: async () => Object.keys(await auth.tokenManager.getTokens()).toSorted(),
    accessClaims: async () =>
      auth.token.decode((await auth.tokenManager.getTokens()).accessToken.accessToken).payload,
    idClaims: async () => (await auth.tokenManager.getTokens()).idToken.claims,
    user: () => auth.getUser(),
    renew: async () => keep({ tokens: await auth.token.renewTokens() }),
    session: async () => (await auth.session.get()).status,
    whoseSession: async () => (await auth.session.get()).login,
    endSession: () => auth.session.close(),
    revoke: () => auth.revokeAccessToken(),
    signOut: () => auth.signOut(),
  })
}
