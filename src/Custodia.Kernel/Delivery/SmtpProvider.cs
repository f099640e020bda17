using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Custodia.Kernel.Hosting;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Delivery;

/// <summary>Sends mails by SMTP (RFC 5321), encrypted by STARTTLS (RFC 3207) unless the settings say it is a relay on this machine.</summary>
internal sealed class SmtpProvider(IOptions<CustodiaOptions> options) : IMessageProvider
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SmtpOptions _smtp = options.Value.Delivery.Smtp;

    public Channel Channel => Channel.Mail;

    public async Task<CarriedOutcome> CarryAsync(OpenMessage message, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new SmtpClient(_smtp.Host!, _smtp.Port) { EnableSsl = _smtp.StartTls, DeliveryFormat = SmtpDeliveryFormat.International };
            if (!string.IsNullOrEmpty(_smtp.UserName)) client.Credentials = new NetworkCredential(_smtp.UserName, _smtp.Password);
            using var mail = Mail(message);
            await client.SendMailAsync(mail, limit.Token);
            return new CarriedOutcome.Sent();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new CarriedOutcome.TryLater("timeout");
        }
        catch (SmtpException e)
        {
            // 5xx to this recipient will not change (RFC 5321, section 4.2.1); everything else may.
            return e is SmtpFailedRecipientException && (int)e.StatusCode is >= 550 and < 560
                ? new CarriedOutcome.Refused(e.StatusCode.ToString())
                : new CarriedOutcome.TryLater(e.StatusCode.ToString());
        }
    }

    private MailMessage Mail(OpenMessage message)
    {
        var from = new MailAddress(_smtp.From!);
        var mail = new MailMessage
        {
            From = from,
            Subject = message.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = message.Text,
            BodyEncoding = Encoding.UTF8,
            IsBodyHtml = false,
        };
        // Text first: multipart/alternative goes from plain to rich (RFC 2046, section 5.1.4).
        if (message.Html is { } html) mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(html, Encoding.UTF8, MediaTypeNames.Text.Html));
        mail.To.Add(new MailAddress(message.Recipient));
        // The same at each try, so that a server which had it already can drop the second.
        mail.Headers["Message-ID"] = $"<{message.Id:N}@{from.Host}>";
        // RFC 3834: no out-of-office replies to a machine.
        mail.Headers["Auto-Submitted"] = "auto-generated";
        return mail;
    }
}
