import type { talkToBuilderBot } from '@parley/contract'
import * as z from 'zod'
import type { TalkLine } from '../talk/talk-box.tsx'
import { botWords as t } from './words.ts'

const Offers = {
  quickReplies: z.array(z.looseObject({ title: z.string() })).optional(),
}
const Element = z.looseObject({ type: z.string() })

/** What a bot says and does. */
const Output = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('text'), text: z.string(), ...Offers }),
  z.looseObject({ kind: z.literal('card'), content: Element, ...Offers }),
  z.looseObject({ kind: z.literal('delay'), ms: z.number() }),
  z.looseObject({ kind: z.literal('private'), text: z.string() }),
  z.looseObject({ kind: z.literal('transfer'), skillId: z.string().optional() }),
  z.looseObject({ kind: z.literal('close') }),
])
type Output = z.infer<typeof Output>

type Answer = Pick<z.output<(typeof talkToBuilderBot)['reply']>, 'outputs' | 'notes'>

/** An answer of a bot as lines of a conversation: messages as the consumer gets them, and what happens beside them. */
export function linesOf({ outputs, notes }: Answer): TalkLine[] {
  return [
    ...outputs.map((output): TalkLine => {
      const read = Output.safeParse(output)
      return read.success ? lineOf(read.data) : { by: 'note', text: output.kind }
    }),
    ...notes.map(({ interaction, what }): TalkLine => ({
      by: 'note',
      text: t.note(interaction, what),
    })),
  ]
}

function lineOf(output: Output): TalkLine {
  switch (output.kind) {
    case 'text': {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: output.text }
      return { by: 'bot', event: { ...event, ...repliesOf(output) } }
    }
    case 'card':
      return {
        by: 'bot',
        event: { type: 'RichContentEvent', content: output.content, ...repliesOf(output) },
      }
    case 'delay':
      return { by: 'note', text: t.delay(Math.round(output.ms / 100) / 10) }
    case 'private':
      return { by: 'note', text: t.private(output.text) }
    case 'transfer':
      return { by: 'note', text: t.transfer(output.skillId ?? t.anySkill) }
    case 'close':
      return { by: 'note', text: t.close }
  }
}

function repliesOf({ quickReplies }: { quickReplies?: { title: string }[] | undefined }) {
  if (!quickReplies) return {}
  const replies = quickReplies.map(({ title }) => ({
    title,
    click: { actions: [{ type: 'publishText' as const, text: title }] },
  }))
  return { quickReplies: { replies } }
}
