import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { withOutsider } from '../outsider.ts'
import { build, findFaults, type Manifest, only } from './manifests.ts'
import { podOf } from './pod-template.ts'

const kubectl = {
  name: 'kubectl',
  debianPackage: 'kubernetes-client',
  probe: ['kubectl', 'kustomize', join(root, 'deploy/kubernetes/hook')],
} as const

withOutsider(kubectl, () => {
  let withSidecar: readonly Manifest[]
  let hook: readonly Manifest[]

  beforeAll(() => {
    installOnDemand('tools/outside/kubernetes')
    hook = build('deploy/kubernetes/hook')
    withSidecar = build('deploy/kubernetes/example')
  }, 120_000)

  test('Kubernetes knows every member of what is written', async () => {
    for (const manifest of [...hook, ...withSidecar]) expect(await findFaults(manifest)).toEqual([])
    expect(hook.map(({ kind }) => kind).toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ])
  })

  test('a slip in a manifest is found', async () => {
    const deployment = only(hook, 'Deployment')
    const spec = Object(deployment['spec'])
    const misspelt = { ...deployment, spec: { ...spec, minReadySecond: 5 } }
    expect(await findFaults(misspelt)).toEqual(['Deployment.spec.minReadySecond: unknown'])
    const wrong = { ...deployment, spec: { ...spec, minReadySeconds: 'five' } }
    expect(await findFaults(wrong)).toEqual([expect.stringMatching(/minReadySeconds must be integer/)])
  })

  describe.each([
    ['hook', () => podOf(only(hook, 'Deployment'))],
    ['behalf-sidecar', () => podOf(only(withSidecar, 'Deployment'))],
  ])('the container %s', (name, pod) => {
    const container = () => {
      const { containers, initContainers = [] } = pod()
      const found = [...containers, ...initContainers].find((each) => each.name === name)
      if (found === undefined) throw new Error(`there is no container ${name}`)
      return found
    }

    test("keeps to Kubernetes' restricted standard, and writes nowhere", () => {
      const shared = pod().securityContext ?? {}
      expect({ ...shared, ...container().securityContext }).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 65532,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(container().volumeMounts).toEqual(
        container().volumeMounts?.map((mount) => ({ ...mount, readOnly: true })),
      )
    })

    test('has the three probes, memory that is bounded, and a processor that is not', () => {
      const { startupProbe, readinessProbe, livenessProbe, resources } = container()
      for (const probe of [startupProbe, readinessProbe, livenessProbe]) expect(probe).toBeDefined()
      expect(resources?.requests).toEqual({ cpu: expect.any(String), memory: expect.any(String) })
      expect(Object.keys(resources?.limits ?? {})).toEqual(['memory'])
    })

    test('gets its secrets as files, of a Secret that the manifests do not have', () => {
      const mounted = container().volumeMounts?.find(({ mountPath }) => mountPath === '/run/secrets/behalf')
      const volume = pod().volumes?.find((each) => each.name === mounted?.name)
      expect(volume?.secret?.secretName).toBe(name === 'hook' ? 'behalf-hook' : name)
      expect(JSON.stringify(container().env ?? [])).not.toMatch(/secretKeyRef/)
      expect([...hook, ...withSidecar].filter(({ kind }) => kind === 'Secret')).toEqual([])
    })
  })

  test('no pod is started again because an issuer is out of reach', () => {
    const [container] = podOf(only(hook, 'Deployment')).containers
    const paths = [container?.startupProbe, container?.livenessProbe].map((probe) => probe?.httpGet?.path)
    expect(paths).toEqual(['/healthz', '/healthz'])
    expect(container?.readinessProbe?.httpGet?.path).toBe('/readyz')
  })

  test('a pod of the hook has more time to end than it takes', () => {
    const { containers, terminationGracePeriodSeconds = 0 } = podOf(only(hook, 'Deployment'))
    const delay = containers[0]?.args?.find((arg) => arg.startsWith('--drain-delay='))?.split('=')[1]
    expect(Number(delay)).toBeGreaterThanOrEqual(5_000)
    // What is under way has 2.5 s after that: docs/decisions/0004-stopping-keeps-serving.md.
    expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThan(Number(delay) + 2_500 + 5_000)
  })

  test('service, autoscaler, budget and network policy are about the pods of the deployment', () => {
    const { labels } = podOf(only(hook, 'Deployment'))
    const selectors = ['Service', 'PodDisruptionBudget', 'NetworkPolicy'].map((kind) => {
      const { selector, podSelector = selector } = Object(only(hook, kind)['spec'])
      return podSelector.matchLabels ?? podSelector
    })
    expect(selectors).toEqual([labels, labels, labels])
    const { scaleTargetRef, minReplicas } = Object(only(hook, 'HorizontalPodAutoscaler')['spec'])
    expect(scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'behalf-hook' })
    expect(minReplicas).toBeGreaterThanOrEqual(3)
    // A number of replicas there would undo the autoscaler's with every roll-out.
    expect(Object(only(hook, 'Deployment')['spec'])).not.toHaveProperty('replicas')
  })

  test("the sidecar is up before the API's container, beside what the team has, told by the team's own ConfigMap", () => {
    const { initContainers = [], containers } = podOf(only(withSidecar, 'Deployment'))
    expect(initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual(
      expect.arrayContaining([
        ['behalf-sidecar', 'Always'],
        ['migrate', undefined],
      ]),
    )
    expect(containers.map(({ name }) => name)).toEqual(['api'])
    const map = only(withSidecar, 'ConfigMap')
    expect(map['data']).toMatchObject({ RESOURCE: 'https://orders.example', CLIENT_ID: '0oaApiA' })
    const sidecar = initContainers.find(({ name }) => name === 'behalf-sidecar')
    expect(map.metadata.name).toMatch(/^behalf-sidecar-\w+$/)
    expect(sidecar?.envFrom).toEqual([{ configMapRef: { name: map.metadata.name } }])
  })
})
