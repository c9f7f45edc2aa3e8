import {
  array,
  type InferOutput,
  looseObject,
  number,
  object,
  optional,
  parse,
  record,
  string,
  union,
  unknown,
} from 'valibot'
import type { Manifest } from './manifests.ts'

const Probe = looseObject({
  httpGet: optional(object({ path: string(), port: union([string(), number()]) })),
  exec: optional(object({ command: array(string()) })),
  periodSeconds: number(),
  timeoutSeconds: number(),
  failureThreshold: number(),
})

const Container = looseObject({
  name: string(),
  args: optional(array(string())),
  restartPolicy: optional(string()),
  env: optional(array(looseObject({ name: string(), value: optional(string()) }))),
  envFrom: optional(array(unknown())),
  ports: optional(array(looseObject({ name: string(), containerPort: number() }))),
  startupProbe: optional(Probe),
  readinessProbe: optional(Probe),
  livenessProbe: optional(Probe),
  resources: optional(object({ requests: record(string(), string()), limits: record(string(), string()) })),
  securityContext: optional(record(string(), unknown())),
  volumeMounts: optional(array(looseObject({ name: string(), mountPath: string() }))),
})

const Volume = looseObject({
  name: string(),
  configMap: optional(looseObject({ name: string() })),
  secret: optional(looseObject({ secretName: string() })),
})

const Deployment = looseObject({
  spec: looseObject({
    template: object({
      metadata: looseObject({ labels: record(string(), string()) }),
      spec: looseObject({
        containers: array(Container),
        initContainers: optional(array(Container)),
        volumes: optional(array(Volume)),
        securityContext: optional(record(string(), unknown())),
        terminationGracePeriodSeconds: optional(number()),
      }),
    }),
  }),
})

/** How a container is asked whether it is well. */
export type Probe = InferOutput<typeof Probe>

/** A container of a pod. */
export type Container = InferOutput<typeof Container>

/** What the pods of a deployment are made from. */
export type PodTemplate = InferOutput<typeof Deployment>['spec']['template']['spec'] & {
  readonly labels: Readonly<Record<string, string>>
}

/** Reads what the pods of a deployment are made from. */
export function podOf(deployment: Manifest): PodTemplate {
  const { metadata, spec } = parse(Deployment, deployment).spec.template
  return { ...spec, labels: metadata.labels }
}
