import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * What MSK does on its brokers, in a Kafka of a test: looks at the token of a login as spec 06 section 8 and the reference of AWS Signature
 * Version 4 say, apart from our signer. Region and account are options of the listener's JAAS line.
 */
public class MskTokenValidator implements AuthenticateCallbackHandler {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
  private Map<String, ?> options;

  @Override
  public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
    options = entries.get(0).getOptions();
  }

  @Override
  public void handle(Callback[] callbacks) {
    for (Callback callback : callbacks) {
      if (callback instanceof OAuthBearerValidatorCallback login) judge(login);
    }
  }

  @Override
  public void close() {}

  private void judge(OAuthBearerValidatorCallback login) {
    try {
      login.token(accepted(login.tokenValue()));
    } catch (Exception refusal) {
      login.error("invalid_token: " + refusal.getMessage(), null, null);
    }
  }

  private OAuthBearerToken accepted(String value) throws Exception {
    URI url = URI.create(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8));
    String host = "kafka." + option("region") + ".amazonaws.com";
    check(!value.endsWith("="), "padding");
    check(url.getScheme().equals("https") && url.getRawAuthority().equals(host) && url.getRawPath().equals("/"), "url");
    List<String> pairs = Arrays.asList(url.getRawQuery().split("&"));
    check(pairs.get(pairs.size() - 1).startsWith("User-Agent="), "user agent");
    check(pairs.get(pairs.size() - 2).startsWith("X-Amz-Signature="), "place of the signature");
    List<String> signed = pairs.subList(0, pairs.size() - 2);
    Map<String, String> query = pairs.stream().map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    check(query.get("Action").equals("kafka-cluster:Connect"), "action");
    check(query.get("X-Amz-Algorithm").equals("AWS4-HMAC-SHA256"), "algorithm");
    check(query.get("X-Amz-SignedHeaders").equals("host"), "headers");
    check(query.get("X-Amz-Expires").equals("900"), "expiry");
    check(query.getOrDefault("X-Amz-Security-Token", "").equals(option("sessionToken")), "session token");

    String time = query.get("X-Amz-Date");
    Instant made = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
    Instant end = made.plusSeconds(900);
    check(!Instant.now().isBefore(made.minusSeconds(1)) && Instant.now().isBefore(end), "time");
    String scope = time.substring(0, 8) + "/" + option("region") + "/kafka-cluster/aws4_request";
    check(query.get("X-Amz-Credential").equals(option("accessKeyId") + "/" + scope), "credential");

    List<String> sorted = signed.stream().sorted().toList();
    String canonical = "GET\n/\n" + String.join("&", sorted) + "\nhost:" + host + "\n\nhost\n" + sha256("");
    byte[] key = ("AWS4" + option("secretAccessKey")).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) key = hmac(key, part);
    String signature = HexFormat.of().formatHex(hmac(key, "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical)));
    check(signature.equals(query.get("X-Amz-Signature")), "signature");
    return new Accepted(value, option("principal"), made.toEpochMilli(), end.toEpochMilli());
  }

  private String option(String name) {
    return String.valueOf(options.get(name));
  }

  private static void check(boolean holds, String what) {
    if (!holds) throw new IllegalArgumentException(what);
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private record Accepted(String value, String principalName, Long startTimeMs, long lifetimeMs) implements OAuthBearerToken {
    @Override
    public Set<String> scope() {
      return Set.of();
    }
  }
}
