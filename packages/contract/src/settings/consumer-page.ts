import * as z from 'zod'
import { StorableText } from '../text.ts'
import { HttpsUrl } from '../https-url.ts'
import type { SettingsGroup } from './group.ts'

/** Six digits and nothing else: a colour can never be a style of its own. */
const Colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #0b57a4')

const Line = StorableText.trim().min(1, 'must not be empty')

/** What the page says in the account's own words. Absent texts have those that come with the page. */
const Texts = z.object({
  title: Line.max(60).optional(),
  greeting: Line.max(500).optional(),
  /** Shown outside the opening hours, before the next opening. */
  closed: Line.max(500).optional(),
  /** Shown while nobody has answered yet, such as "Usually within five minutes". */
  answerTime: Line.max(120).optional(),
  /** On the button in the corner, beside its picture. */
  launcher: Line.max(40).optional(),
})

/** `https://shop.example`, or with `http` where a page is tried on this machine. */
const Site = z
  .string()
  .max(300)
  .regex(
    /^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
    'must be a site such as https://shop.example',
  )

export const consumerPage = {
  purpose: 'How the consumer page looks, and what it says',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    /** Of buttons and of the consumer's own messages. The page chooses black or white letters for it. */
    accent: Colour.default('#0b57a4'),
    /** The same where the page is dark. */
    accentDark: Colour.default('#8ec2ff'),
    /** `auto` follows the consumer's system. */
    scheme: z.enum(['auto', 'light', 'dark']).default('auto'),
    /** The corner of the embedding page: at the end of its lines, or at their beginning. */
    position: z.enum(['end', 'start']).default('end'),
    /** A square picture, loaded by the consumer's browser. */
    logoUrl: HttpsUrl.optional(),
    /** By language of the page. English stands in for what German lacks. */
    texts: z.object({ en: Texts.prefault({}), de: Texts.prefault({}) }).prefault({}),
    /** Whether consumers may send files, by this page or by another client. */
    files: z.boolean().default(true),
    /** Whether the page offers to save what was said. */
    transcript: z.boolean().default(true),
    /** Sites that may embed the page; any while it is empty. */
    allowedSites: z.array(Site).max(100).default([]),
  }),
  otherNames: {
    color: 'accent',
    colour: 'accent',
    colors: 'accent',
    theme: 'scheme',
    logo: 'logoUrl',
    title: 'texts.en.title',
    greeting: 'texts.en.greeting',
    sites: 'allowedSites',
    origins: 'allowedSites',
  },
} as const satisfies SettingsGroup
export type ConsumerPageSettings = z.infer<typeof consumerPage.schema>
