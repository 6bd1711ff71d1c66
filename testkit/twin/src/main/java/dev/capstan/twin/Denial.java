package dev.capstan.twin;

/** Why a vendor refuses a request; each vendor has its own status and words for it. */
public enum Denial {
  RATE_LIMIT,
  TOKEN_RATE_LIMIT,
  /** OpenAI's {@code slow_down}; a rate limit elsewhere. */
  SLOW_DOWN,
  /** Gemini's quota per day; a rate limit with a far reset elsewhere. */
  DAILY_QUOTA,
  /** Gemini's quota of zero; no credit elsewhere. */
  NO_QUOTA,
  NO_CREDIT,
  SPEND_LIMIT,
  /** 402. */
  PAYMENT_REQUIRED,
  /** The body names the key that was sent. */
  BAD_KEY,
  NO_PERMISSION,
  UNKNOWN_MODEL,
  TOO_LONG,
  /** 413. */
  TOO_LARGE,
  BAD_REQUEST,
  /** 422. */
  UNPROCESSABLE,
  CONTENT_FILTER,
  /** 408. */
  REQUEST_TIMEOUT,
  /** 409. */
  CONFLICT,
  /** 500. */
  SERVER_ERROR,
  /** 502 with a page of HTML, as proxies send it. */
  BAD_GATEWAY,
  /** 503. */
  UNAVAILABLE,
  /** 504 with a page of HTML. */
  GATEWAY_TIMEOUT,
  /** 529, or the vendor's nearest to it. */
  OVERLOADED
}
