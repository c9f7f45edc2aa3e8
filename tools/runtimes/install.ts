/** Installs the runtimes, each folder from its own lock, unless they are there already. */
import { installOnDemand } from '../on-demand.ts'

installOnDemand('tools/runtimes')
try {
  installOnDemand('tools/runtimes/lambda')
} catch {
  // It compiles its client, which takes cmake and a C++ compiler; the least possible client does without.
  console.error(
    'aws-lambda-ric could not be installed; the packed function is run by lambda/bootstrap.mjs instead',
  )
}
