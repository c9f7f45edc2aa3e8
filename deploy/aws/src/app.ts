/** The CDK app: `npx cdk deploy` in this folder, after `npm run zip` in the repository. */
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { BehalfStack } from './behalf-stack.ts'

const zip = fileURLToPath(new URL('../../../dist/behalf-lambda.zip', import.meta.url))

const app = new App()
// A name of one's own for every stack of an account and region: `-c name=behalf-test`.
const name = String(app.node.tryGetContext('name') ?? 'Behalf')
new BehalfStack(app, name, { code: () => ({ code: Code.fromAsset(zip) }) })
app.synth()
