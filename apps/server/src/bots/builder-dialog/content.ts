import type { BotButton, BotInteraction, BotTile, StructuredContent } from '@parley/contract'
import { beginningOf, parseJson } from '#base/input'
import { messageOf } from '#base/kernel'
import { readCard } from './card.ts'
import { choicesOf, listedText } from './choices.ts'
import { MAX_CARD_TEXT_CHARACTERS, MAX_TITLE_CHARACTERS } from './limits.ts'
import { countElements } from './read-path.ts'
import { namesIn, replaceInAddress, replaceInJson, replaceVariables } from './replace-variables.ts'
import {
  note,
  offer,
  type QuickReplyOffer,
  quickReplyOf,
  say,
  shownReplies,
  type Turn,
} from './turn.ts'

/** Sends what an interaction shows, and remembers the answers that it offers. */
export function show(turn: Turn, interaction: BotInteraction): void {
  const tiles = interaction.content?.results?.tile?.tileData ?? []
  const tile = pickTile(turn, tiles)
  const quickReplies = quickRepliesOf(turn, interaction, tile)
  offer(turn, quickReplies)
  const perRow = Number(tile?.quickReplyWidget?.choicesPerRow)
  const offers = {
    ...(quickReplies.length > 0 && { quickReplies }),
    ...(quickReplies.length > 0 && perRow > 0 && { choicesPerRow: Math.min(24, perRow) }),
  }
  if (tile?.universalWidget?.leMessageJson !== undefined) {
    const content = cardIn(turn, tile.universalWidget.leMessageJson)
    if (content) say(turn, { kind: 'card', content, ...offers })
    return
  }
  if (tile?.multipleChoice && isButtons(tile)) {
    const buttons = choicesOf(tile).map((title) => ({ name: replaceVariables(turn, title) }))
    return sayCard(turn, cardOf(turn, { ...tile, title: tile.text, buttons } as BotTile, 0), offers)
  }
  if (tile && isCard(tile)) {
    return sayCard(turn, repeated(turn, tile), offers)
  }
  const text = replaceVariables(turn, tile?.text ?? '')
  if (tile?.multipleChoice) return say(turn, { kind: 'text', text: listedText(turn, tile, text) })
  say(turn, { kind: 'text', text, ...offers })
}

/** With several texts one is picked at random. */
function pickTile(turn: Turn, tiles: readonly BotTile[]): BotTile | undefined {
  const texts = tiles.filter(({ text }) => text)
  return texts[Math.floor(turn.outside.random() * texts.length)] ?? tiles[0]
}

function quickRepliesOf(
  turn: Turn,
  interaction: BotInteraction,
  tile: BotTile | undefined,
): QuickReplyOffer[] {
  const written = [...interaction.quickReplies, ...(tile?.quickReplyList ?? [])]
  const own = written.map(({ payload, title }) => ({
    title: replaceVariables(turn, title),
    payload: replaceVariables(turn, payload ?? title),
  }))
  return shownReplies(turn, [...own, ...turn.added.splice(0).map(quickReplyOf)])
}

function isButtons({ multipleChoice }: BotTile): boolean {
  return multipleChoice?.displayChoice === 'BUTTON'
}

function isCard({ buttons, image, title, subTitle }: BotTile): boolean {
  return buttons.length > 0 || [image, title, subTitle].some((part) => part)
}

/** A card whose fields mean each element of a list becomes a carousel of one card for each. */
function repeated(turn: Turn, tile: BotTile): unknown {
  const texts = [tile.text, tile.title, tile.subTitle, tile.image, tile.url]
  const buttons = tile.buttons ?? []
  const all = [...texts, ...buttons.flatMap(({ callback, name }) => [name, callback])]
  const count = countElements(
    turn,
    all.flatMap((text) => namesIn(text ?? '')),
  )
  if (count === undefined) return cardOf(turn, tile, 0)
  const cards = Array.from({ length: count }, (_none, element) => cardOf(turn, tile, element))
  return { type: 'carousel', elements: cards }
}

function cardOf(turn: Turn, tile: BotTile, element: number): unknown {
  const fill: Fill = (text) => replaceVariables(turn, text ?? '', element).trim()
  const address: Fill = (text) => replaceInAddress(turn, text ?? '', element)
  const image = address(tile.image || (tile.buttons?.length || tile.title ? undefined : tile.url))
  const texts = [tile.title, tile.text === tile.title ? undefined : tile.text, tile.subTitle]
  const elements = [
    ...(image ? [{ type: 'image', url: image }] : []),
    ...texts.flatMap((text) => (fill(text) ? [{ type: 'text', text: shortened(fill(text)) }] : [])),
    ...(tile.buttons ?? []).map((button) => buttonOf(turn, button, { fill, address })),
  ]
  return { type: 'vertical', elements: elements.filter((one) => isShown(turn, one)) }
}

/** What clients would refuse, as a variable is not set, does not take the rest of the card with it. */
function isShown(turn: Turn, element: unknown): boolean {
  const read = readCard(element)
  if ('problem' in read) note(turn, `Left out of a card: ${read.problem}`)
  return 'content' in read
}

const shortened = (text: string) => beginningOf(text, MAX_CARD_TEXT_CHARACTERS)

type Fill = (text: string | undefined) => string

function buttonOf(
  turn: Turn,
  button: BotButton,
  { fill, address }: { fill: Fill; address: Fill },
): unknown {
  const whole = fill(button.name ?? button.title)
  const title = beginningOf(whole, MAX_TITLE_CHARACTERS)
  if (button.type === 'web_url') {
    const target = button.target ? { target: button.target } : {}
    const link = { type: 'link', name: title, uri: address(button.callback), ...target }
    return { type: 'button', title, click: { actions: [link] } }
  }
  const callback = fill(button.callback)
  if (callback && title) offer(turn, [{ title: whole, payload: callback }])
  const actions = [{ type: 'publishText', text: shortened(whole) }]
  return { type: 'button', title, click: { actions } }
}

function sayCard(turn: Turn, card: unknown, offers: object): void {
  const content = checkCard(turn, card)
  if (content) say(turn, { kind: 'card', content, ...offers })
}

/** The structured content of a UNIVERSAL interaction: text with variables, or one variable that holds it. */
function cardIn(turn: Turn, text: string): StructuredContent | undefined {
  try {
    return checkCard(turn, parseJson(replaceInJson(turn, text), 'card'))
  } catch (error) {
    note(turn, `The card is not shown: ${messageOf(error)}`)
    return undefined
  }
}

function checkCard(turn: Turn, card: unknown): StructuredContent | undefined {
  const read = readCard(card)
  if ('content' in read) return read.content
  note(turn, `The card is not shown: ${read.problem}`)
  return undefined
}
