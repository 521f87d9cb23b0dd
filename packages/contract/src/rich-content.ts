import { z } from 'zod'
import { LinkAddress, StorableText } from './text.ts'

const Label = StorableText.min(1).max(5000)
const Tooltip = StorableText.max(256).optional()
/** Images are fetched by the consumer's browser: only over TLS. */
const ImageUrl = z.url({ protocol: /^https$/, error: 'must be an https address' }).max(2048)

const Action = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('link'),
    name: StorableText.max(256).optional(),
    uri: LinkAddress,
    target: z.string().max(20).optional(),
  }),
  z.object({
    type: z.literal('navigate'),
    name: StorableText.max(256).optional(),
    lo: z.number().min(-180).max(180),
    la: z.number().min(-90).max(90),
  }),
  z.object({ type: z.literal('publishText'), text: StorableText.min(1).max(5000) }),
])

const Click = z.object({
  actions: z.array(Action).max(4).optional(),
  metadata: z.array(z.looseObject({})).max(50).optional(),
})

const Style = z
  .looseObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    size: z.string().max(20).optional(),
  })
  .optional()

const Text = z.object({
  type: z.literal('text'),
  text: Label,
  tooltip: Tooltip,
  style: Style,
  rtl: z.boolean().optional(),
  alt: z.string().max(256).optional(),
})

const Image = z.object({
  type: z.literal('image'),
  url: ImageUrl,
  tooltip: Tooltip,
  caption: StorableText.max(256).optional(),
  alt: z.string().max(256).optional(),
  rtl: z.boolean().optional(),
  click: Click.optional(),
})

const Button = z.object({
  type: z.literal('button'),
  title: StorableText.min(1).max(256),
  tooltip: Tooltip,
  style: Style,
  class: z.string().max(50).optional(),
  rtl: z.boolean().optional(),
  alt: z.string().max(256).optional(),
  click: Click.optional(),
})

const Map = z.object({
  type: z.literal('map'),
  lo: z.number().min(-180).max(180),
  la: z.number().min(-90).max(90),
  tooltip: Tooltip,
  alt: z.string().max(256).optional(),
  click: Click.optional(),
})

type Leaf =
  | z.infer<typeof Text>
  | z.infer<typeof Image>
  | z.infer<typeof Button>
  | z.infer<typeof Map>

/** A box of a card: its elements side by side or one below the other. */
export interface StructuredContent {
  type: 'vertical' | 'horizontal' | 'carousel'
  elements: Element[]
  padding?: number | undefined
  tag?: string | undefined
  alt?: string | undefined
}
type Element = Leaf | StructuredContent

/**
 * A box and what is in it. `type` alone decides how an element is
 * read: trying one kind after the other would read what is inside a box again at each level.
 */
const Box = z.object({
  type: z.enum(['vertical', 'horizontal', 'carousel']),
  get elements(): z.ZodType<Element[]> {
    return z.array(Element).min(1).max(50)
  },
  padding: z.number().min(0).max(100).optional(),
  tag: z.string().max(50).optional(),
  alt: z.string().max(256).optional(),
})
const Element = z.discriminatedUnion('type', [Text, Image, Button, Map, Box])

const MAX_BOX_DEPTH = 16
const MAX_ELEMENTS = 500

/** What is too large in a card, before any of it is read: an error deep inside costs as much as the boxes around it. */
function excessOf(card: unknown): string | undefined {
  const open = [{ box: card, depth: 1 }]
  let count = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { box, depth } = next
    if (depth > MAX_BOX_DEPTH) return `must have at most ${MAX_BOX_DEPTH} boxes in each other`
    const elements = typeof box === 'object' && box !== null && 'elements' in box && box.elements
    if (!Array.isArray(elements)) continue
    count += elements.length
    if (count > MAX_ELEMENTS) return `must have at most ${MAX_ELEMENTS} elements`
    for (const inside of elements) {
      const isBox = typeof inside === 'object' && inside !== null && 'elements' in inside
      if (isBox) open.push({ box: inside, depth: depth + 1 })
    }
  }
  return undefined
}

/**
 * A card: text, images and buttons in boxes, side by side or one below the other. At most 16 boxes in each other and 500 elements
 * in all.
 */
export const StructuredContent: z.ZodType<StructuredContent> = z
  .unknown()
  .superRefine((card, context) => {
    const message = excessOf(card)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
  .pipe(Box)

/** Addresses of the images of a card. */
export function imagesOf({ elements }: StructuredContent): string[] {
  return elements.flatMap((element) => {
    if (element.type === 'image') return [element.url]
    return 'elements' in element ? imagesOf(element) : []
  })
}

/** Buttons below a message that answer it. */
export const QuickReplies = z.object({
  type: z.literal('quickReplies'),
  itemsPerRow: z.int().positive().max(24).optional(),
  replies: z.array(Button).min(1).max(24),
})
export type QuickReplies = z.infer<typeof QuickReplies>
