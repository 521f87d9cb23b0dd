import { MAX_FILES } from '../../consumer/file-rules.ts'
import { spoken } from '../../studio/words/index.ts'

/** What the workspace says of files. */
export const fileWords = spoken({
  en: {
    file: 'File',
    picture: (name: string) => `Picture: ${name}`,
    attach: 'Send files',
    dropHere: 'Drop the files here to send them to the consumer',
    list: 'Files that are not sent yet',
    underWay: (count: number) =>
      count === 1 ? 'A file is on its way…' : `${count} files are on their way…`,
    uploading: (name: string) => `Uploading: ${name}`,
    fileType: (name: string) => `${name} is not sent: only pictures, PDF and text files can be.`,
    fileEmpty: (name: string) => `${name} is not sent: the file is empty.`,
    fileTooLarge: (name: string, megabytes: string) =>
      `${name} is not sent: the file is larger than ${megabytes} MB.`,
    tooMany: (names: string) =>
      `At most ${MAX_FILES} files can be on their way at once. Not sent: ${names}`,
    refused: (name: string, why: string) => `${name} is not sent: ${why}`,
    cut: 'the connection broke off.',
    again: (name: string) => `Send ${name} again`,
    remove: (name: string) => `Remove ${name}`,
  },
  de: {
    file: 'Datei',
    picture: (name: string) => `Bild: ${name}`,
    attach: 'Dateien senden',
    dropHere: 'Dateien hier ablegen, um sie dem Kunden zu senden',
    list: 'Dateien, die noch nicht gesendet sind',
    underWay: (count: number) =>
      count === 1 ? 'Eine Datei ist unterwegs …' : `${count} Dateien sind unterwegs …`,
    uploading: (name: string) => `Wird hochgeladen: ${name}`,
    fileType: (name: string) =>
      `${name} ist nicht gesendet: Nur Bilder, PDF- und Textdateien können gesendet werden.`,
    fileEmpty: (name: string) => `${name} ist nicht gesendet: Die Datei ist leer.`,
    fileTooLarge: (name: string, megabytes: string) =>
      `${name} ist nicht gesendet: Die Datei ist größer als ${megabytes} MB.`,
    tooMany: (names: string) =>
      `Höchstens ${MAX_FILES} Dateien können auf einmal unterwegs sein. Nicht gesendet: ${names}`,
    refused: (name: string, why: string) => `${name} ist nicht gesendet: ${why}`,
    cut: 'Die Verbindung brach ab.',
    again: (name: string) => `${name} noch einmal senden`,
    remove: (name: string) => `${name} entfernen`,
  },
})
