import * as z from 'zod'
import { PictureUrl } from './https-url.ts'
import { Click, DatePicker, imagesOfClick } from './rich-actions.ts'
import { LinkAddress, StorableText } from './text.ts'

const Style = z
  .looseObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    size: z.string().max(20).optional(),
  })
  .optional()

const Title = StorableText.min(1).max(256)
/** For clients that know them. */
const Extra = z.looseObject({}).optional()

/** What every element may have. */
const COMMON = {
  tooltip: StorableText.max(256).optional(),
  rtl: z.boolean().optional(),
  alt: StorableText.max(2000).optional(),
  tag: StorableText.max(64).optional(),
  tagVersion: StorableText.max(64).optional(),
  style: Style,
  accessibility: Extra,
  customSettings: Extra,
  customContainerSettings: Extra,
}

const Text = z.object({
  type: z.literal('text'),
  text: StorableText.min(1).max(5000),
  ...COMMON,
  click: Click.optional(),
})

const Image = z.object({
  type: z.literal('image'),
  url: PictureUrl,
  caption: StorableText.max(256).optional(),
  ...COMMON,
  click: Click.optional(),
})

const Button = z.object({
  type: z.literal('button'),
  title: Title,
  subtitle: StorableText.max(256).optional(),
  class: z.string().max(50).optional(),
  ref: z.object({ name: Title.optional(), type: z.string().max(50).optional() }).optional(),
  ...COMMON,
  click: Click.optional(),
})

const Map = z.object({
  type: z.literal('map'),
  lo: z.number().min(-180).max(180),
  la: z.number().min(-90).max(90),
  ...COMMON,
  click: Click.optional(),
})

const LinkPreview = z.object({
  type: z.literal('linkPreview'),
  url: LinkAddress,
  title: Title.optional(),
  ...COMMON,
  click: Click.optional(),
})

const Template = z.object({
  type: z.literal('template'),
  templateType: StorableText.min(1).max(64),
  title: StorableText.max(5000).optional(),
  resp: z.array(StorableText.max(128)).min(1).max(32).optional(),
  ...COMMON,
  click: Click.optional(),
})

const Checkbox = z.object({
  type: z.literal('checkbox'),
  text: StorableText.max(5000),
  borderLine: z.boolean().optional(),
  borderColor: StorableText.max(256).optional(),
  ...COMMON,
  click: Click,
})

const SubmitButton = z.object({
  type: z.literal('submitButton'),
  title: Title,
  disabled: z.boolean().optional(),
  ...COMMON,
  click: Click,
})

const LEAVES = [
  Text,
  Image,
  Button,
  Map,
  LinkPreview,
  Template,
  DatePicker,
  Checkbox,
  SubmitButton,
] as const
type Leaf = z.infer<(typeof LEAVES)[number]>

/** Elements that hold others, with the kinds that they hold where not every kind makes sense. */
const BOXES = {
  vertical: undefined,
  horizontal: undefined,
  carousel: undefined,
  tabs: undefined,
  accordionSelect: undefined,
  carouselSelect: undefined,
  list: ['text', 'sectionList', 'buttonList'],
  sectionList: ['section'],
  section: ['text', 'checklist'],
  checklist: ['checkbox'],
  buttonList: ['submitButton', 'button'],
} as const
type BoxType = keyof typeof BOXES

/** An element that holds others, such as a card: side by side, one below the other, or to choose from. */
export interface RichBox {
  type: BoxType
  elements: RichElement[]
  tooltip?: string | undefined
  alt?: string | undefined
  tag?: string | undefined
  padding?: number | undefined
  sectionID?: string | undefined
  selectMode?: { name: string; type?: 'single' | 'multiple' | undefined } | undefined
  titles?: { name: string; additional?: string | undefined }[] | undefined
}
export type RichElement = Leaf | RichBox

/** Any element may be the root of what a message shows. */
export type StructuredContent = RichElement

/**
 * A box and what is in it. `type` alone decides how an element is
 * read: trying one kind after the other would read what is inside a box again at each level.
 */
const Box = z.object({
  type: z.enum(Object.keys(BOXES) as [BoxType, ...BoxType[]]),
  get elements(): z.ZodType<RichElement[]> {
    return z.array(Element).min(1).max(256)
  },
  padding: z.number().min(0).max(100).optional(),
  border: z.string().max(20).optional(),
  borderLine: z.boolean().optional(),
  percentages: z.array(z.number()).max(256).optional(),
  scroll: z.string().max(20).optional(),
  groupAsSingleAccessibleElement: z.boolean().optional(),
  display: Extra,
  separator: Extra,
  metadata: z.array(z.looseObject({})).max(50).optional(),
  sectionID: StorableText.max(256).optional(),
  selectMode: z.object({ name: Title, type: z.enum(['single', 'multiple']).optional() }).optional(),
  titles: z
    .array(z.object({ name: Title, additional: StorableText.max(256).optional() }))
    .max(256)
    .optional(),
  ...COMMON,
  click: Click.optional(),
})
const Element = z.discriminatedUnion('type', [...LEAVES, Box])

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

interface Misfit {
  path: (string | number)[]
  message: string
}

/** What a box lacks, or holds and must not, with its place. */
function misfitsOf(element: RichElement, path: (string | number)[]): Misfit[] {
  if (!isBox(element)) return []
  const { type, elements, sectionID, selectMode, titles } = element
  const missing = (member: string) => ({ path: [...path, member], message: `${type} needs it` })
  const kinds: readonly string[] | undefined = BOXES[type]
  return [
    ...(type === 'section' && sectionID === undefined ? [missing('sectionID')] : []),
    ...(type.endsWith('Select') && selectMode === undefined ? [missing('selectMode')] : []),
    ...(type === 'accordionSelect' && titles === undefined ? [missing('titles')] : []),
    ...elements.flatMap((inside, index) => {
      const at = [...path, 'elements', index]
      const isWrong = kinds && !kinds.includes(inside.type)
      const message = `${type} holds only ${kinds?.join(', ') ?? ''}`
      return isWrong ? [{ path: [...at, 'type'], message }] : misfitsOf(inside, at)
    }),
  ]
}

function isBox(element: RichElement): element is RichBox {
  return 'elements' in element
}

/**
 * What a message shows: any element of the published schema, such as a text, a picture, a button, or a card of them. At most 16
 * boxes in each other and 500 elements in all.
 */
export const StructuredContent: z.ZodType<StructuredContent> = z
  .unknown()
  .superRefine((card, context) => {
    const message = excessOf(card)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
  .pipe(Element)
  .superRefine((card, context) => {
    for (const misfit of misfitsOf(card, [])) context.addIssue({ code: 'custom', ...misfit })
  })

/** Addresses of the pictures that an element shows, also of those in it. */
export function imagesOf(element: StructuredContent): string[] {
  if (isBox(element)) return [...clicked(element), ...element.elements.flatMap(imagesOf)]
  return [...(element.type === 'image' ? [element.url] : []), ...clicked(element)]
}

function clicked(element: object & { click?: Click | undefined }): string[] {
  return element.click ? imagesOfClick(element.click) : []
}

/** Buttons below a message that answer it. */
export const QuickReplies = z.object({
  type: z.literal('quickReplies'),
  itemsPerRow: z.int().positive().max(24).optional(),
  replies: z.array(Button).min(1).max(24),
})
export type QuickReplies = z.infer<typeof QuickReplies>
