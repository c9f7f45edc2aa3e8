import { CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { BehalfHook } from './behalf-hook.ts'

/** A stack of one hook, with its settings as CloudFormation parameters. */
export class BehalfStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { code, ...props }: StackProps & { readonly code: (scope: Construct) => Code },
  ) {
    super(scope, id, { description: 'Okta token inline hook: on-behalf-of tokens', ...props })
    const parameter = (name: string, description: string): string =>
      new CfnParameter(this, name, { type: 'String', description, minLength: 1 }).valueAsString
    const hook = new BehalfHook(this, 'Hook', {
      code: code(this),
      issuer: parameter('Issuer', 'The authorization server that issues the assertions'),
      audience: parameter('Audience', 'The audience that assertions must be for: that of API A'),
      clientIds: parameter('ClientIds', 'The clients that may exchange assertions, separated by commas'),
    })
    new CfnOutput(this, 'HookUrl', { value: hook.url, description: 'Register this URL at Okta' })
    new CfnOutput(this, 'SecretArn', {
      value: hook.secret.secretArn,
      description: 'Holds what Okta must send in the header Authorization',
    })
  }
}
