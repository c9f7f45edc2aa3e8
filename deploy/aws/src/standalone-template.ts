import { App, BootstraplessSynthesizer, CfnParameter, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { BehalfStack } from './behalf-stack.ts'

/** The stack as a template for people without CDK: it takes the zip from a bucket that its parameters name. */
export function standaloneTemplate(): string {
  const app = new App({ analyticsReporting: false })
  const stack = new BehalfStack(app, 'Behalf', {
    code: (scope) => {
      const bucketNameParam = new CfnParameter(scope, 'CodeBucket', {
        description: 'The bucket that holds the zip',
      })
      const objectKeyParam = new CfnParameter(scope, 'CodeKey', {
        description: 'The key of the zip in the bucket; another one for every zip',
      })
      return {
        code: Code.fromCfnParameters({ bucketNameParam, objectKeyParam }),
        revision: objectKeyParam.valueAsString,
      }
    },
    synthesizer: new BootstraplessSynthesizer(),
  })
  return `${JSON.stringify(Template.fromStack(Stack.of(stack)).toJSON(), null, 2)}\n`
}
