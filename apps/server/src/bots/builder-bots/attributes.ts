import type { BotSdes } from '@parley/contract'
import * as z from 'zod'
import type { ConversationFacts } from '#bots/builder-dialog'

type Facts = Pick<ConversationFacts, 'engagementAttributes' | 'customerInfo' | 'personalInfo'>

const ByType = z.record(z.string(), z.looseObject({}))
const Members = z.record(z.string(), z.unknown())

/**
 * Engagement attributes as code of a bot asks for them. An attribute has the name of its member, with or without the path that
 * leads to it (`info.customerId`, `customerId`); what is proven comes before what the visitor's page has said.
 */
export function attributesOf(sdes: BotSdes | undefined): Facts {
  const all = [sdes?.authenticatedSdes, sdes?.unauthenticatedSdes].flatMap((given) => {
    const read = ByType.safeParse(given)
    return read.success ? [new Map(Object.entries(read.data))] : []
  })
  const ofType = (type: string, member: string) => {
    const found = all.find((types) => types.has(type))?.get(type)
    return Members.safeParse(found?.[member]).data
  }
  const named = all.flatMap((types) => [...types.values()].flatMap((sde) => leavesOf(sde)))
  const attributes = new Map<string, string>()
  for (const [path, value] of named) {
    for (const name of [path.join('.'), path.at(-1) ?? '']) {
      if (!attributes.has(name)) attributes.set(name, value)
    }
  }
  const customerInfo = ofType('ctmrinfo', 'info')
  const personalInfo = ofType('personal', 'personal')
  return {
    ...(attributes.size > 0 && { engagementAttributes: Object.fromEntries(attributes) }),
    ...(customerInfo && { customerInfo }),
    ...(personalInfo && { personalInfo }),
  }
}

/** Texts, numbers and booleans, with the path to each; the type of an attribute is none. */
function leavesOf(value: object, above: readonly string[] = []): [string[], string][] {
  return Object.entries(value).flatMap(
    ([name, member]: [string, unknown]): [string[], string][] => {
      const path = [...above, name]
      if (typeof member === 'object' && member !== null) return leavesOf(member, path)
      if (path.length === 1 && name === 'type') return []
      const isLeaf = ['string', 'number', 'boolean'].includes(typeof member)
      return isLeaf ? [[path, String(member)]] : []
    },
  )
}
