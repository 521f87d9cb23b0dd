export { findDecision } from './repository.ts'
export { openTranscripts, type Transcripts } from './open.ts'
export type { SubmittedSurvey } from './submitted-survey.ts'
export type { ChatReader, TranscriptChat } from './transcript-chat.ts'
