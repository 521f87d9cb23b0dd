/** Raised by the submitted survey of a live chat: functions answer it with mails. */
export const TRANSCRIPT_EVENT = 'denver_post_survey_email_transcript'
