import { expect } from 'chai'
import { presignUrl, signHeaders } from '../../../../../workers/kafka/security/aws/sigv4.ts'

/** The worked examples of AWS's own documentation. */
describe('workers/kafka/security: AWS Signature Version 4', () => {
  const common = { method: 'GET', path: '/', headers: {}, region: 'us-east-1' }

  it('signs "ListUsers" of the general reference', () => {
    const headers = signHeaders(
      {
        ...common,
        host: 'iam.amazonaws.com',
        query: { Action: 'ListUsers', Version: '2010-05-08' },
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        service: 'iam',
        nowMs: Date.UTC(2015, 7, 30, 12, 36, 0)
      },
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: '' }
    )
    expect(headers).to.deep.equal({
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host: 'iam.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
        'SignedHeaders=content-type;host;x-amz-date, ' +
        'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'
    })
  })

  it('presigns "test.txt" of the S3 reference', () => {
    const url = presignUrl(
      {
        ...common,
        host: 'examplebucket.s3.amazonaws.com',
        path: '/test.txt',
        query: {},
        payloadHash: 'UNSIGNED-PAYLOAD',
        service: 's3',
        nowMs: Date.UTC(2013, 4, 24)
      },
      {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        sessionToken: ''
      },
      86_400
    )
    expect(url).to.equal(
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'
    )
  })

  it('a session token is signed with the rest, and every reserved character is encoded', () => {
    const request = {
      ...common,
      host: 'h.example',
      query: { q: "a b!'()*~/+" },
      payloadHash: 'UNSIGNED-PAYLOAD',
      service: 's3',
      nowMs: 0
    }
    const keys = { accessKeyId: 'ID', secretAccessKey: 'S', sessionToken: 'a+/=' }
    const url = presignUrl(request, keys, 1)
    expect(url).to.contain('&X-Amz-Security-Token=a%2B%2F%3D&')
    expect(url).to.contain('&q=a%20b%21%27%28%29%2A~%2F%2B&')
    const signature = (text: string) => /X-Amz-Signature=([0-9a-f]{64})$/.exec(text)?.[1]
    expect(signature(url)).to.not.equal(signature(presignUrl(request, { ...keys, sessionToken: '' }, 1)))
    expect(signHeaders(request, keys)).to.include({ 'x-amz-security-token': 'a+/=' })
  })
})
