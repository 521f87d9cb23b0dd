import * as z from 'zod'

const Texts = z.record(z.string(), z.string())

/** What a bot knows of the conversation, as a person gives it to try a bot. */
export const GivenFacts = z.strictObject({
  channel: z.string().exactOptional(),
  currentSkillId: z.string().exactOptional(),
  previousSkillId: z.string().exactOptional(),
  engagementAttributes: Texts.exactOptional(),
  customerInfo: z.record(z.string(), z.unknown()).exactOptional(),
  personalInfo: z.record(z.string(), z.unknown()).exactOptional(),
  location: z
    .strictObject({
      city: z.string().exactOptional(),
      state: z.string().exactOptional(),
      zip: z.string().exactOptional(),
      lat: z.string().exactOptional(),
      lng: z.string().exactOptional(),
    })
    .exactOptional(),
  environment: Texts.exactOptional(),
})
