/** The CDK app: `npx cdk deploy` in this folder, after `npm run zip` in the repository. */
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { BehalfStack } from './behalf-stack.ts'

const zip = fileURLToPath(new URL('../../../dist/behalf-lambda.zip', import.meta.url))

const app = new App()
new BehalfStack(app, 'Behalf', { code: () => Code.fromAsset(zip) })
app.synth()
