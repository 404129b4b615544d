import { basename } from 'node:path'
import type { CommonNotifierSettings, NotifierSettings } from '../../shared/notifier-settings.ts'
import { parseTemplate } from '../../shared/template/template.ts'
import type { ConfigTable } from './config-tree.ts'
import { isCustomClass, readCustomModule } from './custom-class.ts'
import { readGroupLists } from './group-lists.ts'
import { readEmail } from './notifier-email.ts'
import { readAlertmanager, readHttp, readPagerDuty, readSlack, readTeams } from './notifier-http.ts'
import { readNamedFile } from './pem-files.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { checkClass, namedSections } from './sections.ts'

const classNames = ['http', 'email', 'null', 'slack', 'pagerduty', 'teams', 'alertmanager'] as const

/** Classes whose every message is rendered from a file; the others bring a message of their own, or send none. */
const templateClasses: readonly string[] = ['http', 'email']

/** `[notifier.NAME]` (spec 07 section 3). A section without a known class is a mistake and gives no settings. */
export function readNotifiers(root: ConfigTable, reading: Reading): readonly NotifierSettings[] {
  return namedSections(root, 'notifier', reading).flatMap(({ name, reader }) => {
    const className = checkClass(reader, 'notifier', classNames, true)
    if (className === null) return [] // which keys it takes is not known either
    if (isCustomClass(className)) reading.customModules.push(readCustomModule('notifier', name, reader))
    const settings = readClass(className, readCommon(name, className, reader), reader)
    reader.finish()
    return settings
  })
}

function readClass(className: string, common: CommonNotifierSettings, reader: SectionReader): NotifierSettings {
  switch (className) {
    case 'http':
      return readHttp(common, reader)
    case 'email':
      return readEmail(common, reader)
    case 'slack':
      return readSlack(common, reader)
    case 'pagerduty':
      return readPagerDuty(common, reader)
    case 'teams':
      return readTeams(common, reader)
    case 'alertmanager':
      return readAlertmanager(common, reader)
    default:
      if (isCustomClass(className)) return { className: 'custom', customClass: className, ...common }
      return { className: 'null', ...common }
  }
}

function readCommon(name: string, className: string, reader: SectionReader): CommonNotifierSettings {
  const intervalSeconds = reader.integer('interval', 60, { min: 1, max: timerSecondsMax })
  const settings = {
    name,
    intervalSeconds,
    sendIntervalSeconds: reader.integer('send-interval', intervalSeconds, { min: 0, max: timerSecondsMax }),
    threshold: reader.integer('threshold', 2, { min: 1, max: 3 }),
    sendOnce: reader.flag('send-once', false),
    sendClose: reader.flag('send-close', false),
    extras: reader.strings('extras'),
    ...readGroupLists(reader)
  }
  if (settings.threshold === 1) reader.warn('threshold', 'the same as 2: a group that is OK opens nothing')
  const needed = templateClasses.includes(className)
  const isRendered = className !== 'null'
  return {
    ...settings,
    templateOpen: readTemplate(reader, 'template-open', {
      sentence: 'Failed to compile TemplateOpen',
      needed,
      isRendered
    }),
    templateClose: readTemplate(reader, 'template-close', {
      sentence: 'Failed to compile TemplateClose',
      needed: needed && settings.sendClose,
      isUsed: settings.sendClose,
      isRendered
    })
  }
}

interface TemplateUse {
  /** Burrow's, for what is wrong. */
  readonly sentence: string
  readonly needed: boolean
  readonly isUsed?: boolean
  readonly isRendered: boolean
}

/** The path of a file with a template that can be read, and parsed if it is ever rendered. One that is not used may be missing. */
function readTemplate(
  reader: SectionReader,
  key: string,
  { sentence, needed, isUsed = true, isRendered }: TemplateUse
): string {
  const path = reader.text(key)
  if (!isUsed || (path === '' && !needed)) return ''
  try {
    if (path === '') throw new Error('no file is named')
    const source = readNamedFile(path)
    if (isRendered) parseTemplate(basename(path), source)
  } catch (error) {
    reader.refuse(key, `${sentence}: ${(error as Error).message}`, 'a file with a template')
  }
  return path
}
