import { OktaAuth, toRelativeUrl } from '@okta/okta-auth-js'
import { LoginCallback, Security, useOktaAuth } from '@okta/okta-react'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter, Route, Routes, useNavigate } from 'react-router-dom'

const { issuer, clientId, scopes } = window.settings
const auth = new OktaAuth({ issuer, clientId, scopes, redirectUri: `${location.origin}/callback` })

function Home() {
  const { oktaAuth, authState } = useOktaAuth()
  const [user, setUser] = useState()
  useEffect(() => {
    if (authState?.isAuthenticated) oktaAuth.getUser().then(setUser)
  }, [oktaAuth, authState])
  if (!authState) return null
  if (!authState.isAuthenticated)
    return (
      <button id="signIn" type="button" onClick={() => oktaAuth.signInWithRedirect()}>
        Sign in
      </button>
    )
  return (
    <>
      <output>{user && JSON.stringify({ value: user.name })}</output>
      <button id="signOut" type="button" onClick={() => oktaAuth.signOut()}>
        Sign out
      </button>
    </>
  )
}

const Failure = ({ error }) => <output>{JSON.stringify({ failed: error.message })}</output>

function App() {
  const navigate = useNavigate()
  const restore = (_auth, uri) => navigate(toRelativeUrl(uri || '/', location.origin), { replace: true })
  return (
    <Security oktaAuth={auth} restoreOriginalUri={restore}>
      <Routes>
        <Route path="/" element={<Home />} />
        <Route path="/callback" element={<LoginCallback errorComponent={Failure} />} />
      </Routes>
    </Security>
  )
}

createRoot(document.querySelector('#root')).render(
  <BrowserRouter>
    <App />
  </BrowserRouter>,
)
