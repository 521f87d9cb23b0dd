import type { ContextPlace, Outside } from '#bots/builder-dialog'

type Context = Pick<Outside, 'readContext' | 'changeContext'>

const BUILT_IN = ['faas', 'consumer', 'custom', 'operational', 'conversation']

/** The context store of one talk, kept until it ends. */
export function memoryContext(): Context {
  const namespaces = new Set(BUILT_IN)
  const data = new Map<string, Record<string, unknown>>()
  const keyOf = ({ namespace, scope }: ContextPlace) => `${scope} ${namespace}`
  return {
    async readContext(place) {
      if (!namespaces.has(place.namespace)) return undefined
      return structuredClone(data.get(keyOf(place)) ?? {})
    },
    async changeContext(change) {
      if (change.do === 'register') {
        namespaces.add(change.namespace)
        return undefined
      }
      if (!namespaces.has(change.namespace)) {
        return { failed: `there is no namespace "${change.namespace}"` }
      }
      const values = new Map(Object.entries(data.get(keyOf(change)) ?? {}))
      if (change.do === 'setContext') values.set(change.key, change.value)
      else if (change.key === null) values.clear()
      else values.delete(change.key)
      data.set(keyOf(change), Object.fromEntries(values))
      return undefined
    },
  }
}
