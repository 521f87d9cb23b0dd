import type { CatalogueEvent } from '../events/catalogue-event.ts'
import { language } from './index.ts'

/** The catalogue is English. Names stay, since documents and other products call events so; what raises them is told in German. */
const GERMAN: Record<string, string> = {
  bot_connectors_custom_integration:
    'Der Kunde hat einem Bot geschrieben, dessen Antworten aus dieser Funktion kommen.',
  bot_connectors_error_hook: 'Ein Bot hat ein Problem.',
  bot_connectors_post_hook:
    'Ein Bot hat eine Nachricht erhalten. Die Funktion läuft, nachdem sein Anbieter geantwortet hat.',
  bot_connectors_pre_hook:
    'Ein Bot hat eine Nachricht erhalten. Die Funktion läuft, bevor sein Anbieter sie sieht.',
  denver_post_survey_email_transcript:
    'Ein Chat ist zu Ende, und seine Umfrage ist abgeschickt. Die Funktion bestimmt, wer die Mitschrift als Mail erhält.',
  controllerbot_messaging_consumer_step_up: 'Der Kunde hat sich während des Gesprächs angemeldet.',
  controllerbot_messaging_conversation_end:
    'Das Gespräch wurde beendet: vom Agenten, vom Kunden oder vom System.',
  controllerbot_messaging_conversation_idle:
    'Der Agent oder der Kunde hat in der eingestellten Zeit nicht geantwortet, oder niemand hat das Gespräch aus der Warteschlange genommen.',
  controllerbot_messaging_conversation_routing:
    'Das Gespräch wurde an einen anderen Skill übergeben.',
  conversational_command:
    'Ein Agent hat am Arbeitsplatz „/“ getippt und diesen Befehl gewählt. Er sieht Name und Beschreibung der Funktion.',
  controllerbot_messaging_mid_conversation_msg:
    'Der Kunde hat außerhalb der Zeiten geschrieben, in einem Gespräch, das während der Zeiten begann.',
  controllerbot_messaging_new_conversation:
    'Ein Kunde hat ein Gespräch begonnen. Nicht zum Verteilen gedacht: Dafür gibt es Bots.',
  controllerbot_messaging_participants_change:
    'Ein Agent ist zum Gespräch gekommen oder hat es verlassen.',
  surveybot_messaging_survey_ended:
    'Eine Umfrage nach dem Gespräch ist beantwortet oder abgelaufen.',
  surveybot_messaging_survey_started:
    'Eine Umfrage nach dem Gespräch hat ihre erste Frage gestellt.',
  controllerbot_messaging_ttr:
    'Der Kunde hat das Gespräch als dringend markiert oder das zurückgenommen, oder ein Agent hat die Antwortzeit geändert.',
}

/** What raises an event, in the language of the user. */
export function meaningOfEvent({ eventId, description }: CatalogueEvent): string {
  return (language === 'de' ? GERMAN[eventId] : undefined) ?? description
}
