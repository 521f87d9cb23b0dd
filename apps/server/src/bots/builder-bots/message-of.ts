import type { BotChannelName, BotMessage } from '@parley/contract'
import { beginningOf } from '#base/input'
import {
  MAX_CARD_TEXT_CHARACTERS,
  MAX_QUICK_REPLIES,
  MAX_TITLE_CHARACTERS,
  type Output,
} from '#bots/builder-dialog'
import { plainText } from './plain-text.ts'

type Shown = Extract<Output, { kind: 'text' | 'card' }>

/** A message of a bot as clients publish it; a private one is for agents and managers. */
export function messageOf(
  output: Shown | Extract<Output, { kind: 'private' }>,
  channel: BotChannelName,
): BotMessage {
  if (output.kind === 'private') {
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: output.text }
    return { type: 'content', event, audience: 'AGENTS_AND_MANAGERS' }
  }
  if (channel === 'chat') {
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: plainText(output) }
    return { type: 'content', event, audience: 'ALL' }
  }
  const replies = quickRepliesOf(output)
  const event =
    output.kind === 'card'
      ? { type: 'RichContentEvent', content: output.content, ...replies }
      : { type: 'ContentEvent', contentType: 'text/plain', message: output.text, ...replies }
  return { type: 'content', event, audience: 'ALL' }
}

/** What is clicked is said as its title: the bot knows the payload of each. */
function quickRepliesOf({ choicesPerRow, quickReplies }: Shown): object {
  if (!quickReplies) return {}
  const replies = quickReplies.slice(0, MAX_QUICK_REPLIES).map(({ title }) => ({
    type: 'button',
    title: beginningOf(title, MAX_TITLE_CHARACTERS),
    click: {
      actions: [{ type: 'publishText', text: beginningOf(title, MAX_CARD_TEXT_CHARACTERS) }],
    },
  }))
  const itemsPerRow = choicesPerRow === undefined ? {} : { itemsPerRow: choicesPerRow }
  return { quickReplies: { type: 'quickReplies', ...itemsPerRow, replies } }
}
