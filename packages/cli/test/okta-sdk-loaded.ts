// A command loads Okta's SDK for the first call of an org: 2 400 modules, which take a busy machine eight seconds. That is
// no test's own time, so whoever runs such commands in this process loads it beforehand.
import '@okta/okta-sdk-nodejs'
