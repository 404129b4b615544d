import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export const kafkaVersions = ['3.9.1', '4.1.1', '4.2.0'] as const
export type KafkaVersion = (typeof kafkaVersions)[number]

const mavenBoundMs = 300_000
const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'burrow-node')

const jarsByVersion = new Map<KafkaVersion, Promise<string>>()

/**
 * The folder that holds the jars of a Kafka, fetched by Maven the first time and kept in the user's cache. A folder with the
 * final name is complete: it is filled under another name and renamed, so a run that was stopped halfway leaves nothing
 * that looks usable. Rejects with what is missing, or with the end of what Maven said.
 */
export function kafkaJars(version: KafkaVersion): Promise<string> {
  const known = jarsByVersion.get(version)
  if (known) return known
  const jars = findOrFetch(version)
  jarsByVersion.set(version, jars)
  return jars
}

async function findOrFetch(version: KafkaVersion): Promise<string> {
  const missingJava = missing('java', ['-version'])
  if (missingJava) throw new Error(missingJava)
  const folder = join(cacheFolder, `kafka-${version}`)
  if (existsSync(folder)) return folder
  const missingMaven = missing('mvn', ['-v'])
  if (missingMaven) throw new Error(missingMaven)
  mkdirSync(cacheFolder, { recursive: true })
  const building = mkdtempSync(join(cacheFolder, `building-${version}-`))
  try {
    await fetchJars(version, building)
    // Another run may have been faster: its folder is as good as ours.
    if (!existsSync(folder)) renameSync(join(building, 'libs'), folder)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return folder
}

async function fetchJars(version: KafkaVersion, folder: string): Promise<void> {
  writeFileSync(join(folder, 'pom.xml'), pom(version))
  const maven = spawn('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: mavenBoundMs
  })
  let said = ''
  const listen = (chunk: Buffer) => {
    said = (said + chunk).slice(-2000)
  }
  maven.stdout.on('data', listen)
  maven.stderr.on('data', listen)
  const code = await new Promise<number | null>((resolve, reject) => maven.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`Maven could not fetch Kafka ${version} (exit ${code}): ${said.trim()}`)
  const jars = readdirSync(join(folder, 'libs'))
  if (!jars.includes(`kafka_2.13-${version}.jar`)) throw new Error(`Maven fetched no kafka_2.13-${version}.jar`)
}

function missing(command: string, args: readonly string[]): string | undefined {
  const found = spawnSync(command, args, { stdio: 'ignore' })
  return found.status === 0 ? undefined : `${command} is not installed`
}

function pom(version: KafkaVersion): string {
  const dependency = (artifact: string) =>
    `<dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>burrow.test</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependency('kafka_2.13')}${dependency('kafka-tools')}</dependencies>
</project>
`
}
