import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-openidconnect'
import { clientID, clientSecret, issuer, origin, serve } from './settings.mjs'

passport.use(
  new Strategy(
    {
      issuer,
      authorizationURL: `${issuer}/v1/authorize`,
      tokenURL: `${issuer}/v1/token`,
      userInfoURL: `${issuer}/v1/userinfo`,
      clientID,
      clientSecret,
      callbackURL: `${origin}/callback`,
      scope: 'profile email',
    },
    (_issuer, profile, done) => done(null, profile),
  ),
)
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))

const app = express()
app.use(session({ secret: 'for a test', resave: false, saveUninitialized: true }))
app.use(passport.initialize(), passport.session())
app.get('/me', passport.authenticate('openidconnect'))
app.get('/callback', passport.authenticate('openidconnect'), (request, response) =>
  response.json({ name: request.user.displayName }),
)
serve(app)
