export const packageLambda = {
  name: 'package',
  summary: 'pack the inline hook for AWS Lambda',
  about: [
    'Packs the hook, its configuration and its policies into one zip for AWS Lambda: runtime nodejs24.x, handler index.handler, arm64 or x86_64. The same input makes the same bytes. What was packed is loaded in an empty folder first; what would not come up there is refused, with the reason.',
    'Without a configuration the function reads its environment: ISSUER, AUDIENCE, HOOK_SECRET, and optionally RESOURCE, RESOURCE_VERIFIER, PLACEHOLDER, CLAIMS, ISSUER_DIALECT, HOOK_SECRET_PREVIOUS, HOOK_AUTH_HEADER, CLIENT_IDS; with --sealing also SEALING_KEYS and SEALING_REQUIRED, which are refused without it. A secret may be the ARN of a secret in Secrets Manager or of an SSM parameter. Policies are packed when the configuration names them; POLICY_FILES is refused.',
  ],
  options: {
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: "behalf.config.ts in this folder, else the function's environment",
    },
    out: {
      kind: 'file',
      text: 'where to write the zip, for its owner only',
      default: 'dist/behalf-lambda.zip',
    },
    include: {
      kind: 'file',
      value: 'PATH',
      text: "a file or folder below this folder that the configuration reads; what it names by new URL('./x', import.meta.url) or readFileSync('x') is packed anyway",
      repeated: true,
    },
    sealing: {
      kind: 'flag',
      text: 'take sealed assertions, without a configuration file: SEALING_KEYS or SEALING_KEYS_FILE, and SEALING_REQUIRED',
    },
    'dangerously-pack-secrets': {
      kind: 'flag',
      text: "pack secrets and private keys that the configuration holds or reads from files, for everybody who can read the zip or the function's code",
    },
  },
  examples: ['behalf package --config behalf.config.ts --out dist/behalf-lambda.zip'],
} as const
