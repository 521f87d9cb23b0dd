import { StructuredContent } from '@parley/contract'
import * as z from 'zod'
import { parseJson } from '#base/input'
import { messageOf } from '#base/kernel'
import { namesIn } from './replace-variables.ts'

const LEAF = z.looseObject({ type: z.string(), elements: z.undefined().optional() })

/** The structured content of a card, or what is wrong with it. */
export function readCard(card: unknown): { content: StructuredContent } | { problem: string } {
  // A card may have any element as its root; clients want a box around it.
  const boxed = LEAF.safeParse(card).success ? { type: 'vertical', elements: [card] } : card
  const read = StructuredContent.safeParse(boxed)
  if (read.success) return { content: read.data }
  const [issue] = read.error.issues
  return { problem: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
}

/** What is wrong with a card as it stands in an export; nothing when it is good, or when variables make it up. */
export function problemOfCard(text: string | undefined): string | undefined {
  if (text === undefined || namesIn(text).length > 0) return undefined
  try {
    const read = readCard(parseJson(text, 'card'))
    return 'problem' in read ? read.problem : undefined
  } catch (error) {
    return messageOf(error)
  }
}
