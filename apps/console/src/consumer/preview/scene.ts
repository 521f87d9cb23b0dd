import { ConsumerPage } from '@parley/contract'
import * as z from 'zod'

/** What the console has the window show: a look that is not saved yet, and what is said in it. */
export const PreviewScene = z.object({
  type: z.literal('parley-preview'),
  look: ConsumerPage.shape.look,
  isOpen: z.boolean(),
  /** A button in the corner of a page, instead of a page of its own. */
  isEmbedded: z.boolean(),
  lines: z
    .array(z.object({ by: z.enum(['consumer', 'automatic', 'agent']), text: z.string() }))
    .max(20),
})
export type PreviewScene = z.infer<typeof PreviewScene>
export type PreviewLine = PreviewScene['lines'][number]

/** The window says so once: then it is told its scene. */
export const PREVIEW_READY = 'parley-preview-ready'
