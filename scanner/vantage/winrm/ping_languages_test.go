package winrm

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/kmsiso/kmsiso/scanner/run"
)

// languages are what ping.exe prints for "-n 1" in other languages, after public
// transcripts of real machines: their own apostrophes, spaces and word order.
// Every language has the same address, so that all can be asked the same.
var languages = map[string]struct{ answered, silent, failure string }{
	"french": {
		answered: "\r\nEnvoi d’une requête 'Ping'  198.18.10.30 avec 32 octets de données\u00a0:\r\nRéponse de 198.18.10.30\u00a0: octets=32 temps=17 ms TTL=115\r\n\r\nStatistiques Ping pour 198.18.10.30:\r\n    Paquets\u00a0: envoyés = 1, reçus = 1, perdus = 0 (perte 0%),\r\nDurée approximative des boucles en millisecondes :\r\n    Minimum = 17ms, Maximum = 17ms, Moyenne = 17ms\r\n",
		silent:   "\r\nEnvoi d’une requête 'Ping'  198.18.10.30 avec 32 octets de données\u00a0:\r\nDélai d’attente de la demande dépassé.\r\n\r\nStatistiques Ping pour 198.18.10.30:\r\n    Paquets\u00a0: envoyés\u00a0= 1, reçus\u202f= 0, perdus =\u00a01 (perte 100%),\r\n",
		failure:  "\r\nEnvoi d’une requête 'Ping'  198.18.10.30 avec 32 octets de données\u00a0:\r\nÉchec de transmission PING. Défaillance générale.\r\n\r\nStatistiques Ping pour 198.18.10.30:\r\n    Paquets\u00a0: envoyés = 1, reçus = 0, perdus = 1 (perte 100%),\r\n",
	},
	"french of older machines": {
		answered: "\r\nEnvoi d'une requête 'Ping'  198.18.10.30 avec 32 octets de données :\r\nRéponse de 198.18.10.30 : octets=32 temps<1ms TTL=128\r\n\r\nStatistiques Ping pour 198.18.10.30:\r\n    Paquets : envoyés = 1, reçus = 1, perdus = 0 (perte 0%),\r\n",
		silent:   "\r\nEnvoi d'une requête 'Ping'  198.18.10.30 avec 32 octets de données :\r\nDélai d'attente de la demande dépassé.\r\n\r\nStatistiques Ping pour 198.18.10.30:\r\n    Paquets : envoyés = 1, reçus = 0, perdus = 1 (perte 100%),\r\n",
	},
	"russian": {
		answered: "\r\nОбмен пакетами с 198.18.10.30 по с 32 байтами данных:\r\nОтвет от 198.18.10.30: число байт=32 время=69мс TTL=64\r\n\r\nСтатистика Ping для 198.18.10.30:\r\n    Пакетов: отправлено = 1, получено = 1, потеряно = 0\r\n    (0% потерь)\r\n",
		silent:   "\r\nОбмен пакетами с 198.18.10.30 по с 32 байтами данных:\r\nПревышен интервал ожидания для запроса.\r\n\r\nСтатистика Ping для 198.18.10.30:\r\n    Пакетов: отправлено = 1, получено = 0, потеряно = 1\r\n    (100% потерь)\r\n",
		failure:  "\r\nОбмен пакетами с 198.18.10.30 по с 32 байтами данных:\r\nPING: сбой передачи. Общий сбой.\r\n\r\nСтатистика Ping для 198.18.10.30:\r\n    Пакетов: отправлено = 1, получено = 0, потеряно = 1\r\n    (100% потерь)\r\n",
	},
	"portuguese": {
		answered: "\r\nDisparando 198.18.10.30 com 32 bytes de dados:\r\nResposta de 198.18.10.30: bytes=32 tempo=94ms TTL=112\r\n\r\nEstatísticas do Ping para 198.18.10.30:\r\n    Pacotes: Enviados = 1, Recebidos = 1, Perdidos = 0 (0% de\r\n             perda),\r\n",
		silent:   "\r\nDisparando 198.18.10.30 com 32 bytes de dados:\r\nEsgotado o tempo limite do pedido.\r\n\r\nEstatísticas do Ping para 198.18.10.30:\r\n    Pacotes: Enviados = 1, Recebidos = 0, Perdidos = 1 (100% de\r\n             perda),\r\n",
	},
	"traditional chinese": {
		answered: "\r\nPing 198.18.10.30 (使用 32 位元組的資料):\r\n回覆自 198.18.10.30: 位元組=32 時間=5ms TTL=57\r\n\r\n198.18.10.30 的 Ping 統計資料:\r\n    封包: 已傳送 = 1，已收到 = 1, 已遺失 = 0 (0% 遺失),\r\n",
		silent:   "\r\nPing 198.18.10.30 (使用 32 位元組的資料):\r\n要求等候逾時。\r\n\r\n198.18.10.30 的 Ping 統計資料:\r\n    封包: 已傳送 = 1，已收到 = 0, 已遺失 = 1 (100% 遺失),\r\n",
	},
	"japanese": {
		answered: "\r\n198.18.10.30 に ping を送信しています 32 バイトのデータ:\r\n198.18.10.30 からの応答: バイト数 =32 時間 <1ms TTL=128\r\n\r\n198.18.10.30 の ping 統計:\r\n    パケット数: 送信 = 1、受信 = 1、損失 = 0 (0% の損失)、\r\n",
		silent:   "\r\n198.18.10.30 に ping を送信しています 32 バイトのデータ:\r\n要求がタイムアウトしました。\r\n\r\n198.18.10.30 の ping 統計:\r\n    パケット数: 送信 = 1、受信 = 0、損失 = 1 (100% の損失)、\r\n",
	},
	"korean": {
		answered: "\r\nPing 198.18.10.30 32바이트 데이터 사용:\r\n198.18.10.30의 응답: 바이트=32 시간=33ms TTL=117\r\n\r\n198.18.10.30에 대한 Ping 통계:\r\n    패킷: 보냄 = 1, 받음 = 1, 손실 = 0 (0% 손실),\r\n",
		silent:   "\r\nPing 198.18.10.30 32바이트 데이터 사용:\r\n요청 시간이 만료되었습니다.\r\n\r\n198.18.10.30에 대한 Ping 통계:\r\n    패킷: 보냄 = 1, 받음 = 0, 손실 = 1 (100% 손실),\r\n",
	},
}

func TestPingInOtherLanguages(t *testing.T) {
	to := netip.MustParseAddr("198.18.10.30")
	for name, l := range languages {
		t.Run(name, func(t *testing.T) {
			if r, err := parsePing(l.answered, 0, to, time.Second); err != nil || r.Class != run.Answered || r.From != to || r.TTL == 0 {
				t.Errorf("answered: %+v, %v", r, err)
			}
			if r, err := parsePing(l.silent, 1, to, time.Second); err != nil || r.Class != run.Silent {
				t.Errorf("silent: %+v, %v", r, err)
			}
			if l.failure == "" {
				return
			}
			if r, err := parsePing(l.failure, 1, to, time.Second); err == nil {
				t.Errorf("a packet that did not leave was taken for %+v", r)
			}
		})
	}
}

// In a language that nobody taught us silence is an error of the tool, never a
// silence that proves a deny.
func TestPingInAnUnknownLanguageIsAnError(t *testing.T) {
	to := netip.MustParseAddr("198.18.10.30")
	for name, l := range languages {
		for _, words := range timedOut {
			l.silent = strings.ReplaceAll(fold(l.silent), words, "Iarratas thar am.")
		}
		if r, err := parsePing(l.silent, 1, to, time.Second); err == nil {
			t.Errorf("%s: taken for %+v", name, r)
		}
	}
}

func TestFold(t *testing.T) {
	if got := fold("d’attente\u00a0: \u202f1\u2009ms"); got != "d'attente :  1 ms" {
		t.Errorf("%q", got)
	}
	for _, words := range timedOut {
		if fold(words) != words {
			t.Errorf("%q is not folded, so nothing matches it", words)
		}
	}
}
