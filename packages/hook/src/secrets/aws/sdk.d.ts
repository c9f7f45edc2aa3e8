/** The little of the AWS SDK that is called here; the Lambda runtime brings the SDK itself. */
declare module '@aws-sdk/client-secrets-manager' {
  export class GetSecretValueCommand {
    constructor(input: { readonly SecretId: string })
  }
  export class SecretsManagerClient {
    constructor(config: { readonly region: string })
    send(
      command: GetSecretValueCommand,
      options: { readonly abortSignal: AbortSignal },
    ): Promise<{ readonly SecretString?: string }>
  }
}

declare module '@aws-sdk/client-ssm' {
  export class GetParameterCommand {
    constructor(input: { readonly Name: string; readonly WithDecryption: boolean })
  }
  export class SSMClient {
    constructor(config: { readonly region: string })
    send(
      command: GetParameterCommand,
      options: { readonly abortSignal: AbortSignal },
    ): Promise<{ readonly Parameter?: { readonly Value?: string } }>
  }
}
