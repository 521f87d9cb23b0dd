import { told, type Told } from './told.ts'

const ACTIVITIES: Told = [
  ['Lambda Create', 'Funktion angelegt', 'Function created'],
  ['Lambda Update', 'Funktion', 'Function'],
  ['Lambda Delete', 'Funktion gelöscht', 'Function deleted'],
  ['Schedule Create', 'Zeitplan angelegt', 'Schedule created'],
  ['Schedule Update', 'Zeitplan geändert', 'Schedule changed'],
  ['Schedule Delete', 'Zeitplan gelöscht', 'Schedule deleted'],
  ['Secret Create', 'Geheimnis angelegt', 'Secret created'],
  ['Secret Update', 'Geheimnis geändert', 'Secret changed'],
  ['Secret Delete', 'Geheimnis gelöscht', 'Secret deleted'],
  ['Domain Add', 'Domain erlaubt', 'Domain allowed'],
  ['Domain Remove', 'Domain nicht mehr erlaubt', 'Domain no longer allowed'],
  ['Report Update', 'Bericht geändert', 'Report changed'],
  ['Lambda {} created', '{}', '{}'],
  ['Lambda {} deleted', '{}', '{}'],
  ['Lambda {} renamed to {}', '{} in {} umbenannt', '{} renamed to {}'],
  ['Lambda deployed', 'ausgerollt', 'deployed'],
  ['Lambda undeployed', 'außer Betrieb genommen', 'undeployed'],
  ['Lambda rolled back to version {}', 'auf Version {} zurückgerollt', 'rolled back to version {}'],
  ['Deployment failed: {}', 'ließ sich nicht ausrollen: {}', 'could not be deployed: {}'],
  ['Settings changed', 'Einstellungen geändert', 'settings changed'],
  ['Version {} restored', 'Version {} wiederhergestellt', 'version {} restored'],
  ['Code changed', 'Quelltext geändert', 'code changed'],
  ['Language changed', 'Sprache geändert', 'language changed'],
  ['Environment changed', 'Umgebungsvariablen geändert', 'environment changed'],
  ['Dependencies changed', 'Abhängigkeiten geändert', 'dependencies changed'],
  ['Description changed', 'Beschreibung geändert', 'description changed'],
  ['Secret {} created', '{}', '{}'],
  ['Secret {} changed', '{}', '{}'],
  ['Secret {} deleted', '{}', '{}'],
  ['daily, {} recipient', 'täglich, Empfänger: {}'],
  ['daily, {} recipients', 'täglich, Empfänger: {}'],
  ['weekly, {} recipient', 'wöchentlich, Empfänger: {}'],
  ['weekly, {} recipients', 'wöchentlich, Empfänger: {}'],
  ['never, {} recipient', 'nie, Empfänger: {}'],
  ['never, {} recipients', 'nie, Empfänger: {}'],
  ['{}, paused', '{}, angehalten'],
]

/** What was done to functions and what they use; of one change there may be several things to say. */
export function activityTold(text: string): string {
  return text
    .split('; ')
    .map((one) => told(ACTIVITIES, one))
    .join('; ')
}
