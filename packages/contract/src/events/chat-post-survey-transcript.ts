import * as z from 'zod'
import type { EventDefinition } from './event.ts'

const name = 'Chat Post Survey E-Mail Transcript'

const code = `function lambda(input, callback) {
  const { csatRank = -1, skillName = '', agentName = '' } = input.payload;
  const mails = [];
  if (csatRank > 0 && csatRank <= 3 && /CustomerCare/i.test(skillName)) {
    mails.push({ targetEmail: 'team@example.com', senderName: agentName,
      senderEmail: 'noreply@example.com', subject: 'Chat transcript' });
  }
  callback(null, mails);
}
`

/** One mail with the transcript of the chat. */
export const TranscriptMail = z.object({
  targetEmail: z.string(),
  senderName: z.string(),
  senderEmail: z.string(),
  subject: z.string(),
})
export type TranscriptMail = z.infer<typeof TranscriptMail>

/** What is known of the chat and its survey (`spec/events.md` 4). */
export const ChatPostSurveyPayload = z.object({
  csatRank: z.number().optional().describe('From 1, very dissatisfied, to 5, very satisfied'),
  skillName: z.string().optional().describe('The name of the skill of the chat'),
  agentName: z.string().optional().describe('First name and surname'),
  questionWithAnswers: z
    .array(
      z.object({
        question: z.string(),
        answer: z.string().describe('In full; several choices are joined by `;`'),
      }),
    )
    .describe('Every question that was answered'),
})
export type ChatPostSurveyPayload = z.infer<typeof ChatPostSurveyPayload>

/** `spec/events.md` 4. */
export const chatPostSurveyTranscript: EventDefinition = {
  id: 'denver_post_survey_email_transcript',
  name,
  description:
    'A chat is over and its survey has been submitted. The function decides who gets the transcript by mail.',
  source: 'Chat Service',
  limit: 10,
  supportsSkills: false,
  payload: ChatPostSurveyPayload,
  result: z.array(TranscriptMail),
  samplePayload: {
    headers: [],
    payload: {
      csatRank: 3,
      skillName: 'CustomerCare',
      agentName: 'John Doe',
      questionWithAnswers: [
        { question: 'How was the chat experience?', answer: 'Poor;Below Average' },
      ],
    },
  },
  templates: [{ name, description: 'Mails the transcript of badly rated chats.', code }],
  skeleton: code,
}
