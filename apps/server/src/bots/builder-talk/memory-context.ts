import * as z from 'zod'
import { ContextScope, type ContextPlace, type Outside } from '#bots/builder-dialog'

type Context = Pick<Outside, 'readContext' | 'changeContext'>

const BUILT_IN = ['faas', 'consumer', 'custom', 'operational', 'conversation']

/** Of names and values together, as JSON. */
const MAX_CHARACTERS = 100_000

/** What the context store of a talk holds, as plain JSON. */
export const TalkContext = z.object({
  /** Those that code has registered. */
  namespaces: z.array(z.string()),
  data: z.array(
    z.object({
      scope: ContextScope,
      namespace: z.string(),
      values: z.record(z.string(), z.unknown()),
    }),
  ),
})
export type TalkContext = z.infer<typeof TalkContext>

/** The context store of one talk, which may go on from what an earlier one held. */
export function memoryContext(earlier?: TalkContext): Context & { kept(): TalkContext } {
  const registered = new Set(earlier?.namespaces)
  const data = new Map(
    earlier?.data.map(({ scope, namespace, values }) => [
      keyOf({ scope, namespace }),
      { scope, namespace, values: new Map(Object.entries(values)) },
    ]),
  )
  let characters = earlier ? JSON.stringify(earlier).length : 0
  const isKnown = (namespace: string) => BUILT_IN.includes(namespace) || registered.has(namespace)
  /** Counts what comes in place of something else, unless that is too much. */
  function takes(added: unknown, replaced?: unknown): boolean {
    const after = characters + sizeOf(added) - sizeOf(replaced)
    if (after > MAX_CHARACTERS) return false
    characters = after
    return true
  }
  const drop = (key: string) => {
    for (const property of data.get(key)?.values ?? []) takes(undefined, property)
    data.delete(key)
  }
  const full = { failed: `a talk keeps ${MAX_CHARACTERS} characters` }
  return {
    kept: () => ({
      namespaces: [...registered],
      data: [...data.values()].map(({ values, ...place }) => ({
        ...place,
        values: Object.fromEntries(values),
      })),
    }),
    async readContext(place) {
      if (!isKnown(place.namespace)) return undefined
      return structuredClone(Object.fromEntries(data.get(keyOf(place))?.values ?? []))
    },
    async changeContext(change) {
      const { namespace } = change
      if (change.do === 'register') {
        if (isKnown(namespace)) return undefined
        if (!takes(namespace)) return full
        registered.add(namespace)
        return undefined
      }
      if (change.do === 'unregister') {
        if (BUILT_IN.includes(namespace)) return { failed: `namespace "${namespace}" is built in` }
        if (registered.delete(namespace)) takes(undefined, namespace)
        for (const [key, place] of data) if (place.namespace === namespace) drop(key)
        return undefined
      }
      if (!isKnown(namespace)) return { failed: `there is no namespace "${namespace}"` }
      const { key, scope } = change
      const values = data.get(keyOf(change))?.values ?? new Map<string, unknown>()
      if (change.do === 'setContext') {
        const replaced = values.has(change.key) ? [change.key, values.get(change.key)] : undefined
        if (!takes([change.key, change.value], replaced)) return full
        values.set(change.key, change.value)
      } else {
        for (const name of key === null ? [...values.keys()] : [key]) {
          if (values.has(name)) takes(undefined, [name, values.get(name)])
          values.delete(name)
        }
      }
      data.set(keyOf(change), { scope, namespace, values })
      return undefined
    },
  }
}

function keyOf({ namespace, scope }: ContextPlace): string {
  return `${scope} ${namespace}`
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}
