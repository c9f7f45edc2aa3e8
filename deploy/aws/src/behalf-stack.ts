import {
  Aws,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Fn,
  Stack,
  type StackProps,
  Validations,
} from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { CfnSubscription, CfnTopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { BehalfHook, onlyFrom } from './behalf-hook.ts'

/** What a stack is made of besides its parameters. */
export interface BehalfStackProps extends StackProps {
  readonly code: (scope: Construct) => { readonly code: Code; readonly revision?: string }
}

/** A stack of one hook, with its settings as CloudFormation parameters. Several can be in one account and region. */
export class BehalfStack extends Stack {
  constructor(scope: Construct, id: string, { code, ...props }: BehalfStackProps) {
    super(scope, id, { description: 'Okta token inline hook: on-behalf-of tokens', ...props })
    const text = (name: string, description: string): string =>
      new CfnParameter(this, name, { type: 'String', description, minLength: 1 }).valueAsString
    const reserved = new CfnParameter(this, 'ReservedConcurrency', {
      type: 'Number',
      default: 100,
      minValue: 0,
      description:
        'How many requests may be served at once; the account must have 100 more. 0 reserves none, so that other functions can use all up',
    })
    const manageLogRole = new CfnParameter(this, 'ManageApiGatewayLogRole', {
      type: 'String',
      default: 'true',
      allowedValues: ['true', 'false'],
      description:
        "Whether to set the account's role for API Gateway logs; false where it is set already, e.g. by another stack of this kind",
    })
    const sources = new CfnParameter(this, 'SourceCidrs', {
      type: 'CommaDelimitedList',
      default: '',
      description:
        "The addresses that may call, e.g. Okta's of your cell, as CIDR blocks separated by commas; anybody when empty. Deploy the stage again after a change",
    })
    const silence = new CfnParameter(this, 'SilenceMinutes', {
      type: 'Number',
      default: 60,
      minValue: 1,
      maxValue: 1_440,
      description: "After how many minutes without a call of Okta's an alarm is raised",
    })
    const resource = new CfnParameter(this, 'Resource', {
      type: 'String',
      default: '',
      description:
        'The audience that tokens are for: that of API B. When empty, tokens keep the audience of the authorization server',
    })
    const resourceVerifier = new CfnParameter(this, 'ResourceVerifier', {
      type: 'String',
      default: 'any',
      allowedValues: ['any', 'behalf'],
      description:
        'What API B verifies tokens with: behalf for @behalf/verify; with any, they end with that of the user',
    })
    const sealingKeys = new CfnParameter(this, 'SealingKeysArn', {
      type: 'String',
      default: '',
      description:
        'The secret, or the SSM parameter, that holds the private keys of sealed assertions, by its whole ARN; the zip must be packed with --sealing. When empty, assertions come bare',
    })
    const sealingRequired = new CfnParameter(this, 'SealingRequired', {
      type: 'String',
      default: 'true',
      allowedValues: ['true', 'false'],
      description: 'Whether bare assertions are denied; false while clients move to sealed ones',
    })
    const hook = new BehalfHook(this, 'Hook', {
      ...code(this),
      issuer: text('Issuer', 'The authorization server that issues the assertions'),
      audience: text('Audience', 'The audience that assertions must be for: that of API A'),
      clientIds: text('ClientIds', 'The clients that may exchange assertions, separated by commas'),
      resource: resource.valueAsString,
      resourceVerifier: resourceVerifier.valueAsString,
      reservedConcurrency: reserved.valueAsNumber,
      silenceMinutes: silence.valueAsNumber,
      alarmActions: this.#alarmActions(),
    })
    this.#setOnlyIf('ReservesConcurrency', Fn.conditionNot(Fn.conditionEquals(reserved, 0)), hook.function, {
      ReservedConcurrentExecutions: reserved.valueAsNumber,
    })
    const variables = { RESOURCE: resource.valueAsString, RESOURCE_VERIFIER: resourceVerifier.valueAsString }
    this.#setOnlyIf(
      'HasResource',
      Fn.conditionNot(Fn.conditionEquals(resource, '')),
      hook.function,
      Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [`Environment.Variables.${name}`, value]),
      ),
    )
    this.#addSealing(hook, sealingKeys, sealingRequired)
    const sourceCidrs = sources.valueAsList
    this.#setOnlyIf(
      'LimitsSources',
      Fn.conditionNot(Fn.conditionEquals(Fn.join('', sourceCidrs), '')),
      hook.api,
      { Policy: onlyFrom(sourceCidrs) },
    )
    const managesLogRole = new CfnCondition(this, 'ManagesLogRole', {
      expression: Fn.conditionEquals(manageLogRole, 'true'),
    })
    for (const name of ['CloudWatchRole', 'Account']) {
      resourceOf(hook.api.node.findChild(name)).cfnOptions.condition = managesLogRole
    }
    // CloudFormation passes over a dependency on what is not made.
    for (const rule of ['E3005', 'W2502'])
      Validations.of(hook).acknowledge({
        id: `CloudFormation-Validate::${rule}`,
        reason: 'it is passed over',
      })
    new CfnOutput(this, 'HookUrl', { value: hook.url, description: 'Register this URL at Okta' })
    new CfnOutput(this, 'SecretArn', {
      value: hook.secret.secretArn,
      description: 'Holds what Okta must send in the header Authorization',
    })
    new CfnOutput(this, 'FunctionName', {
      value: hook.function.functionName,
      description:
        'To go back: aws lambda update-alias --name live --function-version N --function-name this',
    })
    new CfnOutput(this, 'ApiId', {
      value: hook.api.restApiId,
      description:
        'After a change of SourceCidrs: aws apigateway create-deployment --stage-name live --rest-api-id this',
    })
  }

  /** The function reads the keys itself, so that a rotation is noticed; of the two actions one fits the ARN. */
  #addSealing(hook: BehalfHook, keys: CfnParameter, required: CfnParameter): void {
    const seals = Fn.conditionNot(Fn.conditionEquals(keys, ''))
    this.#setOnlyIf('SealsAssertions', seals, hook.function, {
      'Environment.Variables.SEALING_KEYS': keys.valueAsString,
      'Environment.Variables.SEALING_REQUIRED': required.valueAsString,
    })
    const policy = new CfnPolicy(this, 'ReadSealingKeys', {
      policyName: 'ReadSealingKeys',
      policyDocument: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['secretsmanager:GetSecretValue', 'ssm:GetParameter'],
            resources: [keys.valueAsString],
          }),
        ],
      }),
      ...(hook.function.role === undefined ? {} : { roles: [hook.function.role.roleName] }),
    })
    policy.addOverride('Condition', 'SealsAssertions')
  }

  /** Tells a topic of the operator's, an address, both or nobody. */
  #alarmActions(): readonly IAlarmAction[] {
    const optional = (name: string, description: string) => {
      const parameter = new CfnParameter(this, name, { type: 'String', default: 'none', description })
      const condition = new CfnCondition(this, `Has${name}`, {
        expression: Fn.conditionNot(Fn.conditionEquals(parameter, 'none')),
      })
      return { value: parameter.valueAsString, condition }
    }
    const topic = optional('AlarmTopicArn', 'A topic of yours that is told of every alarm')
    const email = optional('AlarmEmail', 'An address that is told of every alarm, once it has confirmed')
    const mailed = new CfnTopic(this, 'AlarmTopic', { displayName: 'Behalf' })
    const subscription = new CfnSubscription(this, 'AlarmSubscription', {
      topicArn: mailed.ref,
      protocol: 'email',
      endpoint: email.value,
    })
    for (const resource of [mailed, subscription]) resource.cfnOptions.condition = email.condition
    const tell = (condition: CfnCondition, arn: string): IAlarmAction => ({
      bind: () => ({
        alarmActionArn: Fn.conditionIf(condition.logicalId, arn, Aws.NO_VALUE).toString(),
      }),
    })
    return [tell(topic.condition, topic.value), tell(email.condition, mailed.ref)]
  }

  /** Leaves properties of a resource out unless a condition holds. */
  #setOnlyIf(
    name: string,
    expression: ReturnType<typeof Fn.conditionNot>,
    construct: Construct,
    properties: Readonly<Record<string, unknown>>,
  ): void {
    const condition = new CfnCondition(this, name, { expression })
    for (const [property, value] of Object.entries(properties))
      resourceOf(construct).addPropertyOverride(
        property,
        Fn.conditionIf(condition.logicalId, value, Aws.NO_VALUE),
      )
  }
}

function resourceOf(construct: Construct['node']['root'] | Construct): CfnResource {
  const resource = construct instanceof CfnResource ? construct : construct.node.defaultChild
  if (!(resource instanceof CfnResource)) throw new TypeError(`${construct.node.path} is no resource`)
  return resource
}
