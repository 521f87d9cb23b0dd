import * as z from 'zod'
import { CBOT_EVENT_TYPES, type CbotEventType as Type } from './messaging-events.ts'

/** `general.cbotEventType` of a payload (`spec/events.md` 2.1): every type that the events' files name. */
export const CbotEventType = z.enum(CBOT_EVENT_TYPES as [Type, ...Type[]])
export type CbotEventType = Type
