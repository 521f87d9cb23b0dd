import type * as z from 'zod'

/** What the editor and the Invoke screen start from: the envelope without its timestamp. */
export interface SamplePayload {
  headers: { key: string; value: string }[]
  payload: unknown
}

/** Source text to begin a function with. */
export interface Template {
  name: string
  description: string
  code: string
}

/** Something that can happen and that a function may be tied to when it is created. */
export interface EventDefinition {
  id: string
  name: string
  description: string
  /** The part of the platform that raises it. */
  source: string
  /** How many functions may be deployed for it; with skills, how many per skill. */
  limit: number
  supportsSkills: boolean
  payload: z.ZodType
  /** What its source understands. Sources read results leniently: anything else means "nothing said". */
  result: z.ZodType
  samplePayload: SamplePayload
  /** The one that has the event's name is the default. May be empty. */
  templates: Template[]
  /** What the editor starts with when no template is chosen. */
  skeleton: string
}
