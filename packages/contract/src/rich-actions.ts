import * as z from 'zod'
import { PictureUrl } from './https-url.ts'
import { LinkAddress, StorableText } from './text.ts'

const Name = StorableText.max(256)
/** An instant in seconds, as published. */
const Seconds = z.int()

/** A choice of dates, as an element or as what a click asks for. */
export const DatePicker = z.object({
  type: z.literal('datePicker'),
  class: z.enum(['single', 'range']).optional(),
  title: Name.optional(),
  minDate: Seconds.optional(),
  maxDate: Seconds.optional(),
  dateFormat: StorableText.max(100).optional(),
  customSettings: z.looseObject({}).optional(),
})

const ScheduleSlot = z.object({
  type: z.literal('scheduleSlot'),
  id: Name,
  start: Seconds,
  end: Seconds.optional(),
  title: Name.optional(),
  description: Name.optional(),
  imageUrl: PictureUrl.optional(),
  customSettings: z.looseObject({}).optional(),
})

/** The same link for one kind of client. */
const ClientLink = z.object({ uri: LinkAddress }).optional()

/** What a click does. */
const Action = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('link'),
    name: Name.optional(),
    uri: LinkAddress,
    target: z.string().max(20).optional(),
    ios: ClientLink,
    android: ClientLink,
    web: ClientLink,
  }),
  z.object({
    type: z.literal('navigate'),
    name: Name.optional(),
    lo: z.number().min(-180).max(180),
    la: z.number().min(-90).max(90),
  }),
  z.object({ type: z.literal('publishText'), text: StorableText.min(1).max(5000) }),
  DatePicker,
  z.object({
    type: z.literal('scheduleSlotList'),
    title: Name.optional(),
    slots: z.array(ScheduleSlot).max(256).optional(),
    firstDayOfTheWeek: z.enum(['sun', 'mon']).optional(),
  }),
  z.object({
    type: z.literal('addToCart'),
    items: z.array(z.object({ productId: Name.optional(), quantity: z.int().optional() })).max(10),
  }),
  z.object({ type: z.literal('custom'), data: z.array(z.looseObject({})).max(10).optional() }),
  z.object({ type: z.literal('checked'), publishText: StorableText.max(5000) }),
  z.object({ type: z.literal('submitAsText'), submit: z.boolean() }),
])

export const Click = z.object({
  actions: z.array(Action).max(4).optional(),
  metadata: z.array(z.looseObject({})).max(50).optional(),
})
export type Click = z.infer<typeof Click>

/** Addresses of the pictures that a click shows. */
export function imagesOfClick({ actions = [] }: Click): string[] {
  return actions.flatMap((action) =>
    action.type === 'scheduleSlotList'
      ? (action.slots ?? []).flatMap(({ imageUrl }) => imageUrl ?? [])
      : [],
  )
}
