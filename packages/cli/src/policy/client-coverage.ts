import type { BehalfConfig, ConfigFault, PolicyRule } from '@behalf/hook'

/**
 * Says what does not fit between the clients of the configuration and those that policies name: clients that no
 * policy permits anything, and clients that a policy names in vain.
 */
export function findUncoveredClients(
  clients: BehalfConfig['clients'],
  rules: readonly PolicyRule[],
): ConfigFault[] {
  if (clients === 'any' || rules.length === 0) return []
  // Whether a file exports clients at all is for the hook to say.
  const configured = Object.keys(Object(clients))
  const permits = rules.filter(({ effect }) => effect === 'permit')
  const unmentioned = configured.filter((id) => !permits.some((rule) => rule.clients?.has(id) ?? true))
  return [
    ...unmentioned.map((id) => ({ path: `clients['${id}']`, problem: 'no policy permits it anything' })),
    ...rules.flatMap(({ place, clients: named }) =>
      [...(named ?? [])]
        .filter((id) => !configured.includes(id))
        .map((id) => ({ path: place, problem: `names the client ${id}, which is not configured` })),
    ),
  ]
}
