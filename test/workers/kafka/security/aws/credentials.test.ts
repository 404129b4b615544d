import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { realClock } from '../../../../../shared/clock.ts'
import { BurrowError } from '../../../../../shared/errors.ts'
import { defaultCredentials } from '../../../../../workers/kafka/security/aws/default-credentials.ts'
import { credentialsFor, mskTokenSource } from '../../../../../workers/kafka/security/aws/msk-token-source.ts'
import { FakeAws } from '../../../../support/kafka-security-fake-aws.ts'
import type { AskedRequest } from '../../../../support/loopback-http.ts'
import { tempFolder } from '../../../../support/temp-folder.ts'

const noRole = { name: 'cloud', region: 'eu-west-1', roleArn: '', profile: '' }
const roleArn = 'arn:aws:iam::111122223333:role/lag-reader'

describe('workers/kafka/security: AWS credentials', () => {
  let aws: FakeAws
  let folder: string
  before(async () => {
    aws = await new FakeAws().start()
  })
  after(() => aws.stop())
  beforeEach(() => {
    folder = tempFolder('aws')
    aws.requests.length = 0
  })

  const keys = { AWS_ACCESS_KEY_ID: 'ENVID', AWS_SECRET_ACCESS_KEY: 'envsecret' }
  const world = (env: Record<string, string>) => ({
    env: {
      AWS_ENDPOINT_URL_STS: `${aws.origin}/sts`,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.origin,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      ...env
    },
    homeFolder: folder,
    region: 'eu-west-1',
    nowMs: () => Date.UTC(2026, 0, 1)
  })
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const failure = async (work: Promise<unknown>): Promise<BurrowError> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason
    )
    expect(error).to.be.instanceOf(BurrowError)
    return error as BurrowError
  }
  const form = ({ body }: AskedRequest) => Object.fromEntries(new URLSearchParams(body))

  it('environment', async () => {
    const found = await defaultCredentials(world({ ...keys, AWS_SESSION_TOKEN: 't' }))
    expect(found).to.include({ accessKeyId: 'ENVID', secretAccessKey: 'envsecret', sessionToken: 't' })
    expect(aws.requests).to.deep.equal([])
  })

  it('shared files: the default profile, the one of AWS_PROFILE, and that of the settings', async () => {
    file(
      'credentials',
      '# mine\n[default]\naws_access_key_id = D\naws_secret_access_key=d ; why\n\n[ops]\naws_access_key_id=O\n'
    )
    file(
      'config',
      '[profile ops]\nAWS_SECRET_ACCESS_KEY = o\ns3 =\n  aws_access_key_id = nested\n[default]\nregion = x\n'
    )
    expect(await defaultCredentials(world({}))).to.include({ accessKeyId: 'D', secretAccessKey: 'd' })
    expect(await defaultCredentials(world({ AWS_PROFILE: 'ops' }))).to.include({
      accessKeyId: 'O',
      secretAccessKey: 'o'
    })
    expect(await credentialsFor({ ...noRole, profile: 'ops' }, world(keys))).to.include({ accessKeyId: 'O' })
    const error = await failure(credentialsFor({ ...noRole, profile: 'gone' }, world(keys)))
    expect(error).to.include({ code: 'CREDENTIALS_UNAVAILABLE' })
    expect(error.message).to.contain('no profile gone')
  })

  it('a role: STS is asked with the default chain, and the request is signed', async () => {
    const found = await credentialsFor({ ...noRole, roleArn, profile: 'ignored' }, world(keys))
    expect(found).to.deep.equal(aws.credentialsOf('AssumeRole'))
    expect(aws.requests.map(form)).to.deep.equal([
      { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'burrow-session' }
    ])
    expect(aws.requests[0]!.headers.authorization).to.match(
      /^AWS4-HMAC-SHA256 Credential=ENVID\/20260101\/eu-west-1\/sts\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/
    )
  })

  it('a role that STS refuses is named with the reason', async () => {
    const error = await failure(credentialsFor({ ...noRole, roleArn: 'arn:aws:iam::1:role/denied' }, world(keys)))
    expect(error).to.include({ code: 'AUTHENTICATION_FAILED' })
    expect(error.message).to.contain('AccessDenied: not for you').and.to.contain('role/denied')
  })

  it('profiles with a role: source_profile, with its own keys too, and credential_source', async () => {
    const role = `role_arn=${roleArn}\n`
    file(
      'config',
      `[profile base]\naws_access_key_id=B\naws_secret_access_key=b\n` +
        `[profile chained]\n${role}source_profile=base\nexternal_id=e\nrole_session_name=n\n` +
        `[profile self]\n${role}source_profile=self\naws_access_key_id=S\naws_secret_access_key=s\n` +
        `[profile env]\n${role}credential_source=Environment\n` +
        `[profile ring]\n${role}source_profile=ring2\n[profile ring2]\n${role}source_profile=ring\n` +
        `[profile sso]\nsso_session=x\n[profile alone]\n${role}`
    )
    for (const [profile, id] of [
      ['chained', 'B'],
      ['self', 'S'],
      ['env', 'ENVID']
    ] as const) {
      aws.requests.length = 0
      expect(await credentialsFor({ ...noRole, profile }, world(keys))).to.deep.equal(aws.credentialsOf('AssumeRole'))
      expect(aws.requests[0]!.headers.authorization).to.contain(`Credential=${id}/`)
      if (profile === 'chained') expect(form(aws.requests[0]!)).to.include({ ExternalId: 'e', RoleSessionName: 'n' })
    }
    for (const [profile, says] of [
      ['ring', 'ring -> ring2 -> ring: a circle'],
      ['sso', 'sso_session is not supported'],
      ['alone', 'role_arn without']
    ] as const) {
      expect((await failure(credentialsFor({ ...noRole, profile }, world(keys)))).message).to.contain(says)
    }
  })

  it('web identity: the token of the file is shown to STS, unsigned', async () => {
    const tokenFile = file('token', 'jwt\n')
    const found = await defaultCredentials(world({ AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: roleArn }))
    expect(found).to.deep.equal(aws.credentialsOf('AssumeRoleWithWebIdentity'))
    expect(form(aws.requests[0]!)).to.include({ WebIdentityToken: 'jwt', RoleSessionName: 'burrow-session' })
    expect(aws.requests[0]!.headers.authorization).to.equal(undefined)
    const missing = { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'none'), AWS_ROLE_ARN: roleArn }
    expect((await failure(defaultCredentials(world(missing)))).message).to.contain(join(folder, 'none'))
  })

  it('container: with the token of the file, and only near or over https', async () => {
    const tokenFile = file('token', 'pod-token\n')
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.origin}/container`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile
    }
    expect(await defaultCredentials(world(env))).to.deep.equal(aws.credentialsOf('container'))
    expect(aws.requests[0]!.headers.authorization).to.equal('pod-token')
    const far = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/x' }
    expect((await failure(defaultCredentials(world(far)))).message).to.contain('neither https nor of this host')
  })

  it('instance: version 2 of the metadata service', async () => {
    expect(await defaultCredentials(world({}))).to.deep.equal(aws.credentialsOf('instance'))
    expect(aws.requests.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/instance-role'
    ])
  })

  it('the first source that is there, in the order of spec 06 section 8', async () => {
    const tokenFile = file('token', 'jwt')
    const sources: readonly [string, () => Record<string, string>][] = [
      ['INSTANCEID', () => ({})],
      ['CONTAINERID', () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.origin}/container` })],
      ['ASSUMEROLEWITHWEBIDENTITYID', () => ({ AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: roleArn })],
      [
        'FILEID',
        () => {
          file('credentials', '[default]\naws_access_key_id = FILEID\naws_secret_access_key = f\n')
          return {}
        }
      ],
      ['ENVID', () => keys]
    ]
    let env: Record<string, string> = {}
    for (const [id, add] of sources) {
      env = { ...env, ...add() } // each goes before all that are there already
      expect((await defaultCredentials(world(env))).accessKeyId).to.equal(id)
    }
  })

  it('a profile without credentials leaves it to the next source', async () => {
    file('config', '[default]\nregion = eu-west-1\n')
    const web = { AWS_WEB_IDENTITY_TOKEN_FILE: file('token', 'jwt'), AWS_ROLE_ARN: roleArn }
    expect(await defaultCredentials(world(web))).to.deep.equal(aws.credentialsOf('AssumeRoleWithWebIdentity'))
  })

  it('none anywhere: says where it looked', async () => {
    const error = await failure(defaultCredentials(world({ AWS_EC2_METADATA_DISABLED: 'true' })))
    expect(error).to.include({ code: 'CREDENTIALS_UNAVAILABLE' })
    expect(error.message).to.contain('AWS_EC2_METADATA_DISABLED').and.to.contain('environment')
  })

  it('every login has a token of its own, and one look for credentials serves many', async () => {
    const token = mskTokenSource(noRole, realClock, world({}).env)
    const tokens = await Promise.all([token(), token(), token()])
    for (const each of tokens) {
      expect(Buffer.from(each, 'base64url').toString()).to.contain('Credential=INSTANCEID%2F').and.to.contain('900')
    }
    expect(aws.requests).to.have.length(3) // of one look
    expect(() => mskTokenSource({ ...noRole, region: '' }, realClock)).to.throw(BurrowError, /region is required/)
  })
})
